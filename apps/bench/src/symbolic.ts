import { diff, parse, simplify } from '@leibniz/symbolic';
import { compile, compileBatch } from '@leibniz/symbolic/compile';
import * as mathjs from 'mathjs';
import type { Contest } from './interleaved.ts';
import { nested, nestedText } from './nested.ts';

const BOOK = 'log(x^4 + x^3 + 2)';

const peer = 'mathjs';
const raw = { simplify: false };
const f8 = nested(8);
const f8Node = mathjs.parse(nestedText(8));
const derivative = diff(BOOK, 'x');
const ourFunction = compile(derivative, ['x']);
const theirFunction = mathjs.derivative(BOOK, 'x').compile();
const batch = compileBatch(derivative, ['x']);
const column = Float64Array.from({ length: 1000 }, (_, i) => i / 100);
const bookNode = mathjs.parse(BOOK);
const book = parse(BOOK);

export const symbolicContests: readonly Contest[] = [
  { name: `parse ${BOOK}`, peer, ours: () => parse(BOOK), theirs: () => mathjs.parse(BOOK) },
  {
    name: `diff ${BOOK}`,
    peer,
    ours: () => diff(book, 'x'),
    theirs: () => mathjs.derivative(bookNode, 'x', raw),
  },
  {
    name: 'diff and simplify it',
    peer,
    ours: () => simplify(diff(book, 'x')),
    theirs: () => mathjs.derivative(bookNode, 'x'),
  },
  {
    name: 'diff of it nested 8 deep',
    peer,
    ours: () => diff(f8, 'x'),
    theirs: () => mathjs.derivative(f8Node, 'x', raw),
  },
  {
    name: 'evaluate the derivative',
    peer,
    ours: () => ourFunction(1.5),
    theirs: () => theirFunction.evaluate({ x: 1.5 }),
  },
  {
    name: 'evaluate it 1,000 times',
    peer,
    ours: () => batch([column]),
    theirs: () => column.map((x) => theirFunction.evaluate({ x }) as number),
  },
];
