import { expect, test } from 'vitest';
import { type Field, message } from './protobuf.ts';

// The examples of https://protobuf.dev/programming-guides/encoding/
test.each<[string, Field[], number[]]>([
  ['a number', [[1, 150]], [0x08, 0x96, 0x01]],
  ['a text', [[2, 'testing']], [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]],
  ['bytes', [[3, Uint8Array.of(8, 150, 1)]], [0x1a, 0x03, 0x08, 0x96, 0x01]],
  ['a negative number', [[1, -2]], [0x08, 0xfe, ...new Array<number>(8).fill(0xff), 0x01]],
  ['the border of one byte', [[1, 127]], [0x08, 0x7f]],
  ['the border of two bytes', [[1, 128]], [0x08, 0x80, 0x01]],
  ['a field of a large number', [[16, 0]], [0x80, 0x01, 0x00]],
  [
    'several fields',
    [
      [1, 0],
      [2, ''],
    ],
    [0x08, 0x00, 0x12, 0x00],
  ],
])('%s', (_, fields, bytes) => expect([...message(...fields)]).toEqual(bytes));
