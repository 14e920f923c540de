// The socket: newest request only, back by itself when it is lost. Nothing here knows what a comparison is.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;

/**
 * @param {object} listeners
 * @param {(data: ArrayBuffer) => void} listeners.frame
 * @param {(state: "connecting" | "open" | "lost") => void} listeners.state
 */
export function openStream({ frame, state }) {
  const address = new URL("/api/stream", import.meta.url);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  let wait = FIRST_WAIT;
  /** @type {WebSocket} */
  let socket;
  let timer = 0;

  function connect() {
    window.clearTimeout(timer);
    socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT;
      state("open");
    });
    socket.addEventListener("message", (event) => {
      if (event.data instanceof ArrayBuffer) frame(event.data);
    });
    socket.addEventListener("close", () => {
      state("lost");
      timer = window.setTimeout(connect, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    });
  }

  window.addEventListener("online", () => {
    if (socket.readyState === WebSocket.CLOSED) connect();
  });
  state("connecting");
  connect();

  return {
    /**
     * @param {object} message
     * @returns {boolean} whether it could be sent; if not, `state("open")` will say when to ask again
     */
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}
