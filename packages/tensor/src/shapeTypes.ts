// Shapes that the compiler knows: what an operation makes of literal shapes, and what it refuses. Where a rank is not
// known the result is a plain `Shape`; where a length is not known it is `number`.

import type { Axes, Shape } from './shape.ts';

type HasUnknownRank<S extends Shape> = number extends S['length'] ? true : false;

/** The literal shape of an array literal, without `readonly`, which only lengthens what editors show. */
export type Literal<S extends Shape> = HasUnknownRank<S> extends true ? Shape : [...S];

/** The length that two lengths broadcast to; never if they do not. */
type BroadcastLength<N extends number, M extends number> = number extends N
  ? M extends 1
    ? number
    : M
  : number extends M
    ? N extends 1
      ? number
      : N
    : N extends 1
      ? M
      : M extends 1
        ? N
        : N extends M
          ? N
          : never;

type Aligned<A extends Shape, B extends Shape, Tail extends Shape = []> = A extends readonly [
  ...infer A0 extends Shape,
  infer N extends number,
]
  ? B extends readonly [...infer B0 extends Shape, infer M extends number]
    ? [BroadcastLength<N, M>] extends [never]
      ? never
      : Aligned<A0, B0, [BroadcastLength<N, M>, ...Tail]>
    : [...A, ...Tail]
  : [...B, ...Tail];

/** The shape that two shapes broadcast to; never if they do not. */
export type Broadcast<A extends Shape, B extends Shape> = true extends HasUnknownRank<A> | HasUnknownRank<B>
  ? Shape
  : Aligned<A, B>;

/** What the compiler shows where shapes do not fit. */
interface Misfit<Problem extends string, A, B> {
  readonly problem: Problem;
  readonly shapes: [A, B];
}

/** Nothing, or for shapes that do not broadcast a type that no argument has. */
export type FitsBroadcast<A extends Shape, B extends Shape> = [Broadcast<A, B>] extends [never]
  ? Misfit<'these shapes do not broadcast', A, B>
  : unknown;

type Batch<S extends Shape> = S extends readonly [...infer Front extends Shape, number, number] ? Front : [];

/** The shape of a matrix product; never if the inner lengths differ. */
export type Product<A extends Shape, B extends Shape> = true extends HasUnknownRank<A> | HasUnknownRank<B>
  ? Shape
  : A extends readonly [infer K extends number]
    ? B extends readonly [infer J extends number]
      ? Inner<K, J, []>
      : B extends readonly [...infer Front extends Shape, infer J extends number, infer N extends number]
        ? Inner<K, J, [...Front, N]>
        : never
    : A extends readonly [...infer Front extends Shape, infer M extends number, infer K extends number]
      ? B extends readonly [infer J extends number]
        ? Inner<K, J, [...Front, M]>
        : B extends readonly [...Shape, infer J extends number, infer N extends number]
          ? [Broadcast<Batch<A>, Batch<B>>] extends [never]
            ? never
            : Inner<K, J, [...Broadcast<Batch<A>, Batch<B>>, M, N]>
          : never
      : never;

type Inner<K extends number, J extends number, S> = number extends K | J ? S : K extends J ? S : never;

/** Nothing, or for matrices that cannot be multiplied a type that no argument has. */
export type FitsProduct<A extends Shape, B extends Shape> = [Product<A, B>] extends [never]
  ? Misfit<'the inner lengths of these matrices differ', A, B>
  : unknown;

type Reversed<S extends Shape> = S extends readonly [infer N extends number, ...infer Rest extends Shape]
  ? [...Reversed<Rest>, N]
  : [];

/** The shape with the length at one axis, counted from the front, replaced by `With`. */
type WithAt<
  S extends Shape,
  Axis extends string,
  With extends Shape,
  Before extends Shape = [],
> = S extends readonly [infer N extends number, ...infer Rest extends Shape]
  ? `${Before['length']}` extends Axis
    ? [...Before, ...With, ...Rest]
    : WithAt<Rest, Axis, With, [...Before, N]>
  : never;

/** The shape with one axis, from the front or negative from the end, replaced by `With`; never if there is none. */
export type Replaced<S extends Shape, Axis extends number, With extends Shape> = number extends Axis
  ? Shape
  : HasUnknownRank<S> extends true
    ? Shape
    : `${Axis}` extends `-${infer FromEnd}`
      ? WithAt<Reversed<S>, Before<FromEnd>, With> extends infer R extends Shape
        ? Reversed<R>
        : never
      : WithAt<S, `${Axis}`, With>;

/** '0' for '1' and so on, as far as ranks go. */
type Before<N extends string> = { 1: '0'; 2: '1'; 3: '2'; 4: '3'; 5: '4'; 6: '5'; 7: '6'; 8: '7' } extends {
  readonly [K in N]: infer P extends string;
}
  ? P
  : never;

type Ones<S extends Shape> = { [K in keyof S]: 1 } extends infer R extends Shape ? [...R] : never;

/** The shape that a reduction leaves. */
export type Reduced<S extends Shape, Axis extends Axes, Keep extends boolean> =
  HasUnknownRank<S> extends true
    ? Shape
    : boolean extends Keep
      ? Shape
      : [Axis] extends [undefined]
        ? Keep extends true
          ? Ones<S>
          : []
        : [Axis] extends [number]
          ? Replaced<S, Axis, Keep extends true ? [1] : []>
          : [Axis] extends [readonly [infer Only extends number]]
            ? Replaced<S, Only, Keep extends true ? [1] : []>
            : Shape;

/** The shape with its axes in the given order. */
export type Permuted<S extends Shape, Order extends readonly number[]> = true extends
  | HasUnknownRank<S>
  | HasUnknownRank<Order>
  ? Shape
  : { [K in keyof Order]: Order[K] extends keyof S ? S[Order[K]] : number } extends infer R extends Shape
    ? [...R]
    : Shape;

/** The shape with its last two axes exchanged. */
export type Transposed<S extends Shape> =
  HasUnknownRank<S> extends true
    ? Shape
    : S extends readonly [...infer Front extends Shape, infer N extends number, infer M extends number]
      ? [...Front, M, N]
      : never;

/** A shape asked of `reshape`: a length of -1 is found at run time. */
export type Reshaped<S extends Shape> =
  HasUnknownRank<S> extends true
    ? Shape
    : { [K in keyof S]: S[K] extends -1 ? number : S[K] } extends infer R extends Shape
      ? [...R]
      : Shape;

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type IsShort<N extends number> = `${N}` extends Digit | `${Digit}${Digit}` | `${Digit}${Digit}${Digit}`
  ? true
  : false;
type Counted<N extends number, Found extends unknown[] = []> = Found['length'] extends N
  ? Found
  : Counted<N, [...Found, unknown]>;

/** N + M, of lengths below 1000; longer ones are not counted through. */
type Sum<N extends number, M extends number> = false extends IsShort<N> | IsShort<M>
  ? number
  : [...Counted<N>, ...Counted<M>]['length'] extends infer R extends number
    ? R
    : number;

/** The length at an axis from the front. */
type At<S extends Shape, Axis extends number> = S[Axis] extends number ? S[Axis] : number;

type JoinedTwo<A extends Shape, B extends Shape, Axis extends number> = true extends
  | HasUnknownRank<A>
  | HasUnknownRank<B>
  ? Shape
  : number extends Axis
    ? Shape
    : `${Axis}` extends `-${string}`
      ? Replaced<A, Axis, [number]>
      : [Replaced<A, Axis, [1]>] extends [Replaced<B, Axis, [1]>]
        ? Replaced<A, Axis, [Sum<At<A, Axis>, At<B, Axis>>]>
        : never;

type ShapeOf<T> = T extends { readonly shape: infer S extends Shape } ? S : never;

/** The shape of tensors joined along an axis; never if the other axes differ. */
export type Joined<T extends readonly unknown[], Axis extends number> = T extends readonly [
  infer First,
  ...infer Rest,
]
  ? JoinedAll<Literal<ShapeOf<First>>, Rest, Axis>
  : Shape;

type JoinedAll<S extends Shape, T extends readonly unknown[], Axis extends number> = T extends readonly [
  infer Next,
  ...infer Rest,
]
  ? JoinedAll<JoinedTwo<S, Literal<ShapeOf<Next>>, Axis>, Rest, Axis>
  : S;

/** Nothing, or for tensors that cannot be joined a type that no argument has. */
export type FitsJoined<T extends readonly unknown[], Axis extends number> = [Joined<T, Axis>] extends [never]
  ? Misfit<'the other axes of these tensors differ', T, Axis>
  : unknown;

/** The shape with an axis of length N put in. */
type Inserted<
  S extends Shape,
  Axis extends string,
  N extends number,
  Before extends Shape = [],
> = `${Before['length']}` extends Axis
  ? [...Before, N, ...S]
  : S extends readonly [infer First extends number, ...infer Rest extends Shape]
    ? Inserted<Rest, Axis, N, [...Before, First]>
    : never;

/** The shape of tensors of one shape joined along a new axis. */
export type Stacked<T extends readonly unknown[], Axis extends number> = number extends T['length'] | Axis
  ? Shape
  : T extends readonly [infer First, ...unknown[]]
    ? HasUnknownRank<ShapeOf<First>> extends true
      ? Shape
      : `${Axis}` extends `-${string}`
        ? Shape
        : Inserted<Literal<ShapeOf<First>>, `${Axis}`, T['length']>
    : Shape;
