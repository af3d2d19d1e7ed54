// What ball arithmetic computes with.

/** Every number within `radius` of `middle`, both in units of 2^-precision; absent where nothing is certain. */
export type Ball = { readonly middle: bigint; readonly radius: bigint } | undefined;

/** True, false, or not decided by the enclosures. */
export type Trit = boolean | undefined;
