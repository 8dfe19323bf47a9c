// The page's charts, drawn by Apache ECharts, which can write SVG without a browser. The colours are the page's CSS
// variables, so that a chart suits light screens, dark screens and paper.

import * as echarts from 'echarts';
import { EDGES, histogram } from '../statistics.js';

const WIDTH = 760;
const LEFT = 216;
const RIGHT = 24;
const ROW = 40;
const GAP = 14;
const TOP = 8;
const BOTTOM = 44;

const TEXT = 'var(--text)';
const FAINT = 'var(--line)';
const FONT = 'system-ui, "Segoe UI", Arial, sans-serif';

/** The bins' labels. The first bin has everything below the first edge, the last everything above the last one. */
const BINS = ['', ...EDGES.map((edge) => String(Number(edge.toPrecision(1))))];
const isDecade = (index) => index > 0 && Math.abs(Math.log10(EDGES[index - 1]) % 1) < 1e-6;

const colourOf = (contender) => (contender.startsWith('rtworkq/timers') ? 'var(--good)' : 'var(--bar)');

function rows(cells) {
  const top = (index) => TOP + index * (ROW + GAP);
  const lowest = cells.length - 1;
  return {
    grid: cells.map((_, index) => ({ left: LEFT, right: RIGHT, top: top(index), height: ROW })),
    xAxis: cells.map((_, index) => ({
      type: 'category',
      gridIndex: index,
      data: BINS,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: FAINT } },
      // A label is centred below its bin, and names the bin's lower edge.
      axisLabel: { show: index === lowest, interval: isDecade, color: TEXT, fontFamily: FONT },
      ...(index === lowest && { name: 'ms late', nameLocation: 'middle', nameGap: 26, nameTextStyle: { color: TEXT, fontFamily: FONT } }),
    })),
    yAxis: cells.map((_, index) => ({
      type: 'value',
      gridIndex: index,
      axisLabel: { show: false },
      splitLine: { show: false },
    })),
    // The rows' names.
    graphic: cells.map(({ contender }, index) => ({
      type: 'text',
      left: 0,
      top: top(index) + ROW / 2 - 7,
      silent: true,
      style: { text: contender, fill: TEXT, font: `13px ${FONT}` },
    })),
    series: cells.map(({ contender, late }, index) => ({
      type: 'bar',
      xAxisIndex: index,
      yAxisIndex: index,
      barCategoryGap: '12%',
      itemStyle: { color: colourOf(contender) },
      data: histogram(late),
    })),
  };
}

/** One situation's histograms, one below the other, with a shared axis. @returns {string} SVG */
export function histogramChart(cells) {
  const shown = cells.filter(({ late }) => late);
  const height = TOP + shown.length * (ROW + GAP) + BOTTOM - GAP;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({ animation: false, ...rows(shown) });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
