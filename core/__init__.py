"""What is computed: problems, optimizers, the loop, landscapes and figures. It knows no web."""
