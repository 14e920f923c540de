// Shapes that the page's modules share. What comes from the server follows its OpenAPI document.

export interface Parameter {
  name: string;
  symbol: string;
  mathml: string;
  default: number;
  min: number;
  max: number;
  scale: "linear" | "log";
  meaning: string;
  valid: Bounds;
  /** Whether it is a whole number. */
  whole?: boolean;
}

/** What is accepted: not less than, more than, not more than, less than. */
export interface Bounds {
  ge?: number;
  gt?: number;
  le?: number;
  lt?: number;
}

export interface Entry {
  name: string;
  title: string;
  formula: string[];
  mathml: string[];
  /** Of an optimizer: with w for the iterate. */
  mathml_weights?: string[];
  source: string;
  parameters: Parameter[];
  domain?: [[number, number], [number, number]];
  start?: [number, number];
  minima?: [number, number, number][];
  teaches?: string;
  /** Of a loss over rows: its data sets, and what is shown first of each, by preprocessing. */
  sources?: {
    name: string;
    title: string;
    rows: number;
    generated: boolean;
    places: Record<
      string,
      { domain: [[number, number], [number, number]]; start: [number, number]; rates: Record<string, number> }
    >;
  }[];
  /** Of a formula: its points without slope. */
  stationary?: { x: number; y: number; value: number; kind: string }[];
  /** Optimizer to a learning rate that suits the surface. */
  rates?: Record<string, number>;
  /** Of an optimizer: the one whose learning rates suit it, times a factor; with null the factor is the rate itself. */
  suits?: [string | null, number] | null;
  /** Of an optimizer: the parts of its state, and those that it divides by 1 − βᵗ. */
  slots?: {
    name: string;
    symbol: string;
    mathml: string;
    meaning: string;
    corrected?: { symbol: string; mathml: string; decay: string };
  }[];
  /** Of an optimizer: the part of its state that remembers past gradients, and with which sign a step follows it. */
  follows?: [string, 1 | -1] | null;
  /** Of an optimizer: whether it works on two parameters only, hence not on a network. */
  plane_only?: boolean;
  /** Of an optimizer: what is on or off, or one of a few words. */
  switches?: Switch[];
  /** Of a schedule: fields of a few whole numbers. */
  lists?: ListField[];
  [other: string]: unknown;
}

export interface Switch {
  name: string;
  meaning: string;
  default: boolean | string;
  /** Empty where it is on or off. */
  options: { value: string; title: string }[];
  /** The formula at each value at which it is another. */
  formulas: { value: boolean | string; mathml: string[]; mathml_weights?: string[] }[];
}

export interface ListField {
  name: string;
  symbol: string;
  meaning: string;
  default: number[];
  valid: Bounds;
  most: number;
}

export interface Catalog {
  surfaces: Entry[];
  data: Entry[];
  networks: Entry[];
  optimizers: Entry[];
  schedules: Entry[];
  noises: Entry[];
  datasets: Entry[];
  /** What a formula may speak of, and some to begin with. */
  formula: Record<"functions" | "constants" | "examples", string[]>;
  /** Of the numbers that every comparison has, and of a network's whole ones. */
  limits: Record<"steps" | "seed" | "seeds" | "members" | "start" | "batch_size" | "width" | "layers", Bounds>;
  default: Comparison;
  default_data: Comparison;
  default_network?: Comparison;
  [other: string]: unknown;
}

export type Tagged = { kind: string; [field: string]: unknown };

export interface Run {
  optimizer: string;
  label?: string | null;
  color?: string | null;
  schedule?: Tagged;
  /** Its own values of the problem's numbers. */
  problem?: Record<string, number>;
  noise?: Tagged | null;
  start?: [number, number] | null;
  seed?: number | null;
  fork?: Fork | null;
  [field: string]: unknown;
}

/** From which step on which numbers of the optimizer are other. */
export interface Fork {
  at: number;
  values: Record<string, number>;
}

export interface Problem {
  kind: string;
  name?: string;
  parameters?: Record<string, number>;
  [field: string]: unknown;
}

export interface Comparison {
  problem: Problem;
  start?: [number, number] | null;
  steps?: number;
  seed?: number;
  seeds?: number;
  noise?: Tagged;
  runs: Run[];
}

/** What an address was found to hold. */
export interface Opened {
  comparison: Comparison | null;
  errors: Complaint[];
  failure: string | null;
}

export interface Palette {
  runs: Record<string, string>;
  spare: string[];
  dashes: Record<string, string>;
  spare_dashes: string[];
  ink: string;
  rim: string;
  gradient: string;
  memory: string;
  selected_width: number;
}

export interface Trace {
  meta: { role: string };
  // A trace is Plotly's own JSON, defined by the server; the page moves data into it and asks nothing else of it.
  [attribute: string]: any;
}

export interface Skeleton {
  data: Trace[];
  layout: Record<string, any>;
}

export interface Theme {
  palette: Palette;
  map: Skeleton;
  curve: Skeleton;
  relief: Skeleton;
  profile: Skeleton;
  scatter: Skeleton;
}

export interface Figures {
  plotly: string;
  /** Names of the views of a landscape. */
  views: string[];
  themes: Record<"light" | "dark", Theme>;
}

export interface RunResult {
  status: string;
  steps: number;
  /** How many of several seeds have diverged. */
  diverged?: number;
  arrays: Record<string, Float32Array>;
}

export interface Result {
  id: number;
  total: number;
  last: number;
  done: boolean;
  /** Seeds of every run; where they are several, arrays about all of them stand beside those of its own. */
  seeds: number;
  runs: RunResult[];
  /** What theory says about each run, where that was asked for. */
  theory?: import("./schema").RunTheory[];
}

export interface View {
  x: [number, number];
  y: [number, number];
  width: number;
  height: number;
}

export interface Shading {
  lowest: number;
  rise: number;
  scale: number;
}

export interface Heights {
  x: Float32Array;
  y: Float32Array;
  loss: Float32Array;
  shade: Float32Array;
  /** By which a loss has its shade. */
  shading: Shading;
  /** Window that they fill. */
  view: View;
  minima: [number, number, number][];
  saddles: [number, number, number][];
  maxima: [number, number, number][];
  /** Whether there is no height in part of the window; `shade` is NaN there. */
  holes: boolean;
  /** By run: the surface of one that has other numbers; runs with the same numbers share it. */
  own: Record<number, Heights>;
  /** Of a loss over rows: over how many they are the mean, and how many there are. */
  rows?: number;
  count?: number;
}

export interface Landscape {
  stage: "training" | "coarse" | "fine";
  axes: { variance?: number | null }[];
  x: Float32Array;
  y: Float32Array;
  loss: Float32Array;
  shade: Float32Array;
  stale: boolean;
  runs: Record<string, Float32Array>[];
}

export interface Complaint {
  loc: string;
  msg: string;
  /** Of a text that is wrong at a character: which one, counted from 1. */
  column?: number | null;
}

export interface State {
  comparison: Comparison;
  theme: "light" | "dark";
  /** Which view of the landscape is shown. */
  layout: string;
  /** Window that is asked for. */
  view: View | null;
  /** Whether a person chose that window. */
  framed: boolean;
  /** Time of the input event that chose it, of the page's clock. */
  zoomed: number | null;
  /** Line of the slice: by its kind, or by its ends. */
  slice: { kind: string; ends?: [[number, number], [number, number]] };
  /** Plotly's camera of the view in space, where a hand has left it. */
  camera: object | null;
  plane: Tagged;
  result: Result | null;
  heights: Heights | null;
  /** What the server said last of a typed formula. */
  formula: Entry | null;
  landscape: Landscape | null;
  /** Step shown; null is the end, wherever that is. */
  playhead: number | null;
  playing: boolean;
  loop: boolean;
  /** Runs that are not drawn, by their place. */
  hidden: number[];
  /** Whether sliders change what comes after the playhead alone. */
  forking: boolean;
  /** Where runs go, or would have gone, that do not fork, by their place; nothing while none forks. */
  ghosts: { path: [number, number][]; loss: number[] }[];
  /** The run that is selected, by its place: see `selectedRun`. */
  selected: number | null;
  /** Whether the step at the playhead is shown in its parts. */
  anatomy: boolean;
  /** Whether it is told what theory says about the runs. */
  theory: boolean;
  /** Whether there is anything to undo, or to do again. */
  history: { back: boolean; forth: boolean };
  chart: string;
  /** The chart beside the first one; null: none; undefined: nobody chose, so rows where there are some. */
  second: string | null | undefined;
  /** How charts are scaled where a person chose it. */
  scales: Record<string, "linear" | "log">;
  /** Whether the loss is drawn less the known minimum. */
  above: boolean;
  /** Of what has a value for x and one for y. */
  coordinate: "both" | "x" | "y";
  /** The part of the state that is charted, such as `mean:corrected`; null: the first there is. */
  slot: string | null;
  /** Whether a slider or the start is being moved: axes stay as they are meanwhile. */
  moving: boolean;
  /** Time of the last input event that changed the comparison, of the page's clock. */
  moved: number | null;
  /** What was just done, how it is taken back, and the comparison that it led to. */
  notice: { text: string; undo: () => void; of: Comparison } | null;
  errors: Complaint[];
  failure: string | null;
  connection: "connecting" | "open" | "lost";
  waiting: boolean;
}

export interface Store {
  get(): State;
  update(patch: Partial<State>): void;
  subscribe(keys: (keyof State)[], listener: (state: State) => void): () => void;
}

export interface Header {
  id: number;
  kind: "chunk" | "heights" | "landscape" | "done" | "error";
  arrays?: { name: string; run?: number | null; shape: number[]; offset: number }[];
  first?: number;
  last?: number;
  total?: number;
  runs?: { status: string; steps: number; diverged?: number }[];
  minima?: [number, number, number][];
  saddles?: [number, number, number][];
  maxima?: [number, number, number][];
  shading?: Shading;
  own?: (Pick<Heights, "minima" | "saddles" | "maxima" | "shading"> & { runs: number[] })[];
  rows?: number;
  count?: number;
  stage?: "training" | "coarse" | "fine";
  axes?: { variance?: number | null }[];
  theory?: import("./schema").RunTheory[];
  title?: string;
  errors?: Complaint[];
}

export interface Frame {
  header: Header;
  arrays: { name: string; run: number | null; shape: number[]; values: Float32Array }[];
}

/** A part: it draws into its element, listens to the store, and gives back what takes it away again. */
export type Mount<Options = undefined> = (element: HTMLElement, store: Store, options: Options) => () => void;

/** A view of the landscape, which shares its window with the others. */
export type Picture = Mount<{ framing: ReturnType<typeof import("./map/framing").createFraming> }>;

declare global {
  interface Window {
    Plotly: any;
  }
}

/** A comparison as the server writes it out, every default in its place. */
type Written<T> = T extends object ? { [Key in keyof T]-?: Written<T[Key]> } : T;
type Holds<Wide, Narrow extends Wide> = Narrow;
/** What the page takes for a comparison and for an error holds what the server's document says; else this fails. */
export type Agreed = [
  Holds<Comparison, Written<import("./schema").Comparison>>,
  Holds<Complaint, import("./schema").FieldError>,
];
