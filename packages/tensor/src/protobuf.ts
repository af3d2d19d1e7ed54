// The wire format of protocol buffers, as far as writing needs it. https://protobuf.dev/programming-guides/encoding/

/** A field: text, bytes or a message by its length, or a whole number. */
export type Field = readonly [number: number, value: number | string | Uint8Array];

function varint(value: number): number[] {
  const bytes: number[] = [];
  // Negative numbers are written as 64 bits in two's complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** The bytes of a message. */
export function message(...fields: readonly Field[]): Uint8Array {
  const parts = fields.map(([number, value]) => {
    if (typeof value === 'number')
      return { head: [...varint(number * 8), ...varint(value)], body: new Uint8Array() };
    const body = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return { head: [...varint(number * 8 + 2), ...varint(body.length)], body };
  });
  const bytes = new Uint8Array(parts.reduce((sum, { head, body }) => sum + head.length + body.length, 0));
  let at = 0;
  for (const { head, body } of parts) {
    bytes.set(head, at);
    bytes.set(body, at + head.length);
    at += head.length + body.length;
  }
  return bytes;
}
