// Pictures as text: charts, digits and diagrams in SVG, curves for the terminal.
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
export { type TerminalChart, terminalChart } from './chart/terminalChart.ts';
