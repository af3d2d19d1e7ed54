// Small changes of a source, each of which a good test suite notices.
import { parseAst } from 'vite';

/** A piece of a file, and what is written in its place. */
export interface Mutant {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** What may stand instead of an operator: its opposite, its boundary, its inverse. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '++': ['--'],
  '--': ['++'],
};

const isText = (node: Node) =>
  node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');

/** Functions whose arguments may stand in any order. */
const COMMUTATIVE = new Set(['Math.max', 'Math.min', 'add', 'mul']);

/** The wrapped node of a type assertion; of any other type syntax there is nothing to run. */
const ASSERTIONS = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']);

/** What the tests read, and no code that they test. */
const isTestData = (node: Node) =>
  node.type === 'Property' && ['doc', 'samples'].includes(String((node.key as Node).name));

/** All mutants of a file. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const root = parseAst(source, { lang: 'ts' }) as unknown as Node;
  const found: Mutant[] = [];
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isTestData(node) || node.type === 'ImportDeclaration') continue;
    if (node.type.startsWith('TS') && !ASSERTIONS.has(node.type)) continue;
    const changed = changesOf(node, source).map((change) => ({ file, ...change }));
    found.push(...changed.filter((mutant) => isValid(applied(source, mutant))));
    stack.push(...Object.values(node).flat().filter(isNode));
  }
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** What does not parse would be noticed by any test. */
function isValid(source: string): boolean {
  try {
    parseAst(source, { lang: 'ts' });
    return true;
  } catch {
    return false;
  }
}

type Change = Omit<Mutant, 'file'>;

function changesOf(node: Node, source: string): Change[] {
  const { start, end } = node;
  const textOf = (part: Node) => source.slice(part.start, part.end);
  const become = (text: string): Change => ({ start, end, text });
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression': {
      const [left, right] = [node.left, node.right] as [Node, Node];
      if (isText(left) || isText(right)) return [];
      return operatorChanges(String(node.operator), source, left.end, right.start);
    }
    case 'UpdateExpression': {
      const argument = node.argument as Node;
      const [from, to] = node.prefix ? [start, argument.start] : [argument.end, end];
      return operatorChanges(String(node.operator), source, from, to);
    }
    case 'UnaryExpression':
      return node.operator === '!' ? [become(textOf(node.argument as Node))] : [];
    case 'Literal':
      if (typeof node.value === 'boolean') return [become(String(!node.value))];
      return typeof node.value === 'number'
        ? [1, -1].map((by) => become(`(${node.value as number} + ${by})`))
        : [];
    case 'ConditionalExpression':
      return [negated(node.test as Node, textOf)];
    case 'IfStatement':
      return [negated(node.test as Node, textOf), ...(node.alternate === null ? [become(';')] : [])];
    case 'ExpressionStatement':
      return [become(';')];
    case 'CallExpression': {
      if (COMMUTATIVE.has(textOf(node.callee as Node))) return [];
      const [first, second] = node.arguments as [Node?, Node?];
      if (first === undefined || second === undefined || textOf(first) === textOf(second)) return [];
      if (isText(first) || isText(second)) return [];
      const between = source.slice(first.end, second.start);
      return [{ start: first.start, end: second.end, text: `${textOf(second)}${between}${textOf(first)}` }];
    }
    default:
      return [];
  }
}

const negated = (test: Node, textOf: (node: Node) => string): Change => ({
  start: test.start,
  end: test.end,
  text: `!(${textOf(test)})`,
});

/** The operator stands somewhere between its operands, beside parentheses perhaps. */
function operatorChanges(operator: string, source: string, from: number, to: number): Change[] {
  const start = source.indexOf(operator, from);
  if (start < 0 || start >= to) return [];
  return (OPERATORS[operator] ?? []).map((text) => ({ start, end: start + operator.length, text }));
}

export const applied = (source: string, { start, end, text }: Mutant): string =>
  source.slice(0, start) + text + source.slice(end);
