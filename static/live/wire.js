// Binary frames to typed arrays; the layout is in docs/architecture.md, its twin on the server is app/wire.py.

const MAGIC = "RVN1";

/**
 * @param {ArrayBuffer} buffer
 * @returns {import("../types").Frame}
 */
export function decode(buffer) {
  const text = new TextDecoder();
  if (buffer.byteLength < 8 || text.decode(new Uint8Array(buffer, 0, 4)) !== MAGIC) throw new Error("not a frame");
  const length = new DataView(buffer).getUint32(4, true);
  /** @type {import("../types").Header} */
  const header = JSON.parse(text.decode(new Uint8Array(buffer, 8, length)));
  const arrays = (header.arrays ?? []).map(({ name, run, shape, offset }) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return { name, run: run ?? null, shape, values: new Float32Array(buffer, 8 + length + offset, size) };
  });
  return { header, arrays };
}
