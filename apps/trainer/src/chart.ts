// Pictures as text: charts, digits and diagrams in SVG, curves for the terminal.
export {
  add,
  box,
  copy,
  type Diagram,
  parallel,
  type Shape,
  sequence,
  swap,
  type Wire,
  wires,
} from './chart/diagram.ts';
export { type DigitOptions, digitSvg } from './chart/digitSvg.ts';
export {
  type Graph,
  type GraphEdge,
  type GraphNode,
  type GraphOptions,
  graphSvg,
  type NodeKind,
} from './chart/graphSvg.ts';
export { type ChartPoint, type LineChart, lineChart, type Series } from './chart/lineChart.ts';
export { stringDiagram } from './chart/stringDiagram.ts';
export { type TerminalChart, terminalChart } from './chart/terminalChart.ts';
