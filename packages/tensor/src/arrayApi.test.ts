import { describe, expect, test } from 'vitest';
import { type NumpyCase, numpyCases } from './fixtures/numpyCases.ts';
import * as library from './index.ts';
import { type Index, newaxis, type Tensor, tensor } from './index.ts';

type Operation = (...args: unknown[]) => unknown;
type Options = NumpyCase['options'];

const named = library as unknown as Record<string, Operation>;
const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const ord = (value: unknown) =>
  typeof value === 'string' && value.endsWith('inf') ? Number(value.replace('inf', 'Infinity')) : value;
const int32 = (values: number[] | number[][]) => tensor(values, { dtype: 'int32' });

/** How an operation is called, where it is not called by its name with its inputs, an axis and options. */
const CALLS: Readonly<Record<string, (x: Tensor[], o: Options) => unknown>> = {
  clip: ([x], o) => library.clip(x!, o.least as number | null, o.most as number | null),
  arange: (_, o) =>
    library.arange(o.start as number, o.stop as number, o.step as number, { dtype: 'float64' }),
  linspace: (_, o) =>
    library.linspace(o.start as number, o.stop as number, o.count as number, {
      dtype: 'float64',
      endpoint: o.endpoint as boolean,
    }),
  eye: (_, o) => library.eye(o.n as number, o.m as number, { k: o.k as number, dtype: 'float64' }),
  fftfreq: (_, o) => library.fftfreq(o.n as number, o.d as number, { dtype: 'float64' }),
  rfftfreq: (_, o) => library.rfftfreq(o.n as number, o.d as number, { dtype: 'float64' }),
  permute_dims: ([x], o) => x!.permuteDims(o.axes as number[]),
  moveaxis: ([x], o) => library.moveaxis(x!, o.source as number, o.destination as number),
  roll: ([x], o) => library.roll(x!, o.shift as number, axis(o) as number),
  tile: ([x], o) => library.tile(x!, o.repetitions as number[]),
  repeat: ([x], o) => library.repeat(x!, o.repeats as number, axis(o) as number),
  reshape: ([x], o) => x!.reshape(o.shape as number[]),
  broadcast_to: ([x], o) => x!.broadcastTo(o.shape as number[]),
  pad: ([x], o) => library.pad(x!, o.widths as [number, number][], o.value as number),
  concat: (x, o) => library.concat(x, axis(o) as number),
  stack: (x, o) => library.stack(x, axis(o) as number),
  meshgrid: (x, o) => library.meshgrid(x, o as { indexing: 'xy' }),
  fftshift: ([x], o) => library.fftshift(x!, { axes: axis({ axis: o.axes }) as number }),
  ifftshift: ([x], o) => library.ifftshift(x!, { axes: axis({ axis: o.axes }) as number }),
  at: ([x], o) => library.at(x!, ...(o.index as unknown[]).map(indexOf)),
  at_mask: ([x, mask]) => library.at(x!, mask!),
  take: ([x], o) => library.take(x!, o.indices as number[], o.axis as number),
  take_along_axis: ([x], o) => library.takeAlongAxis(x!, int32(o.indices as number[]), o.axis as number),
  unique_all: ([x]) => Object.values(library.uniqueAll(x!)),
  unique_counts: ([x]) => Object.values(library.uniqueCounts(x!)),
  unique_inverse: ([x]) => Object.values(library.uniqueInverse(x!)),
  slogdet: ([x]) => Object.values(library.slogdet(x!)),
  inv: ([x]) => library.linalg.inv(x!),
  matrix_power: ([x], o) => library.matrixPower(x!, o.n as number),
  einsum: (x, o) => library.einsum(o.equation as string, ...x),
  qr_q: ([x]) => library.qr(x!).q,
  qr_r: ([x]) => library.qr(x!).r,
  cholesky_of_square: ([x]) => {
    const n = x!.shape.at(-1)!;
    return library.cholesky(
      x!.matmul(library.transpose(x!)).add(library.eye(n, n, { dtype: x!.dtype })) as Tensor,
    );
  },
};

const axis = (o: Options) => (o.axis === null ? undefined : o.axis);

function indexOf(spelled: unknown): Index {
  if (spelled === 'newaxis') return newaxis;
  if (typeof spelled === 'object' && spelled !== null && 'tensor' in spelled)
    return int32(spelled.tensor as number[]);
  return spelled as Index;
}

/** Called by its name: inputs, then an axis if there is one, then what options are left. */
function call({ name, inputs, options }: NumpyCase): Tensor[] {
  const special = CALLS[name];
  if (special !== undefined) return [special([...inputs], options)].flat() as Tensor[];
  const { axis: given, ord: order, ...rest } = options;
  const others = { ...rest, ...(order === undefined ? {} : { ord: ord(order) }) };
  const takesAxisAsOption = ['vector_norm', 'cumulative_sum', 'cumulative_prod', 'diff'].includes(name);
  const trailing = takesAxisAsOption
    ? [{ ...others, axis: given ?? undefined }]
    : [
        ...('axis' in options ? [given ?? undefined] : []),
        ...(Object.keys(others).length > 0 ? [others] : []),
      ];
  return [named[camel(name)]!(...inputs, ...trailing)].flat() as Tensor[];
}

/** Operations that round more than once, and so may differ in the last digits: relative to the largest result. */
const SUMMED = new Set(
  `sum prod mean std var cumulative_prod matmul tensordot vecdot einsum inv det slogdet solve matrix_power svdvals pinv qr_r
   qr_q matrix_norm eigvalsh cholesky_of_square vector_norm cross trace linspace fftfreq rfftfreq arange`.split(
    /\s+/,
  ),
);
/** Functions that no library rounds correctly: units in the last place between NumPy's and ours. */
const TRANSCENDENTAL = new Set(
  `acos acosh asin asinh atan atanh atan2 cos cosh exp expm1 hypot log log1p log2 log10 logaddexp pow sin sinh tan tanh`.split(
    /\s+/,
  ),
);

function tolerance(name: string, dtype: string, value: number, scale: number): number {
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  if (TRANSCENDENTAL.has(name)) return 4 * eps * Math.abs(value) + (dtype === 'float32' ? 2 ** -148 : 0);
  if (SUMMED.has(name)) return 2000 * eps * Math.max(1, scale);
  return 0;
}

/** What differs, and why it may. */
const EXPLAINED: readonly {
  readonly why: string;
  readonly is: (c: NumpyCase, found: number, expected: number) => boolean;
}[] = [
  {
    why: 'of zeros of both signs the standard leaves open which one is the smaller, and NumPy takes either',
    is: ({ name }, found, expected) =>
      (name === 'minimum' || name === 'maximum') && found === 0 && expected === 0,
  },
  {
    why: 'sign(-0) is -0, as everywhere in JavaScript; it is equal to 0',
    is: ({ name }, found, expected) => name === 'sign' && found === 0 && expected === 0,
  },
  {
    why: 'the standard divides infinities by finite numbers to infinities, NumPy to NaN',
    is: ({ name }, found, expected) =>
      name === 'floor_divide' && Math.abs(found) === Number.POSITIVE_INFINITY && Number.isNaN(expected),
  },
  {
    why: 'as in ECMAScript, 1 to the power of an infinity or of NaN is NaN; the standard says 1',
    is: ({ name }, found, expected) => name === 'pow' && Number.isNaN(found) && expected === 1,
  },
  {
    why: 'sums of uint8 are of int32 and do not wrap around',
    is: ({ name, inputs }, found, expected) =>
      name === 'einsum' && inputs[0]!.dtype === 'uint8' && found % 256 === expected,
  },
];

const needed = new Set<unknown>();

function differences(c: NumpyCase): string[] {
  const where = `${c.name}(${c.inputs.map(String).join(', ')}, ${JSON.stringify(c.options)})`;
  let found: Tensor[];
  try {
    found = call(c);
  } catch (error) {
    return [`${where}: ${error}`];
  }
  if (found.length !== c.outputs.length)
    return [`${where}: ${found.length} results, ${c.outputs.length} expected`];
  return found.flatMap((y, i) => {
    const { shape, data, dtype } = c.outputs[i]!;
    if (String(y.shape) !== String(shape)) return [`${where}: shape [${y.shape}], expected [${shape}]`];
    const isWidened =
      dtype === 'float32' || dtype === 'float64' ? false : y.dtype !== 'bool' && dtype !== 'bool';
    if (y.dtype !== dtype && !isWidened) return [`${where}: dtype ${y.dtype}, expected ${dtype}`];
    const elements = y.dataSync();
    const all = [data, ...c.inputs.map((x) => x.dataSync())].flatMap((each) => [...each]);
    const scale = Math.max(0, ...all.filter(Number.isFinite).map(Math.abs));
    const wrong = [...data].findIndex((expected, at) => {
      const value = elements[at]!;
      const isNear = Math.abs(value - expected) <= tolerance(c.name, y.dtype, expected, scale);
      const hasOtherZero = !SUMMED.has(c.name) && value === 0 && expected === 0;
      if (Object.is(value, expected) || (isNear && !hasOtherZero)) return false;
      const explanation = EXPLAINED.find(({ is }) => is(c, value, expected));
      if (explanation !== undefined) needed.add(explanation);
      return explanation === undefined;
    });
    return wrong < 0 ? [] : [`${where}: element ${wrong} is ${elements[wrong]}, expected ${data[wrong]}`];
  });
}

const cases = [...numpyCases()];
const names = [...new Set(cases.map(({ name }) => name))];

test('there are 20,000 cases at least', () => expect(cases.length).toBeGreaterThan(20_000));

describe('as in NumPy', () => {
  test.each(names)('%s', (name) => {
    const wrong = cases.filter((c) => c.name === name).flatMap(differences);
    expect(wrong.slice(0, 3), `${wrong.length} differences`).toEqual([]);
  });
});

test.each(EXPLAINED)('it occurs that $why', (explanation) => {
  expect(needed.has(explanation)).toBe(true);
});
