// Draws the charts with Apache ECharts, which writes SVG without a browser.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as echarts from 'echarts';
import { THEMES } from './charts.mjs';

function svgOf({ width, height, option }, theme) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(option(theme));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/**
 * Writes each chart as two SVG files, for light and for dark pages, and removes all others from the folder.
 * @param {Record<string, import('./charts.mjs').Chart>} charts
 * @param {string} folder
 */
export function drawCharts(charts, folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
  for (const [name, chart] of Object.entries(charts)) {
    for (const [themeName, theme] of Object.entries(THEMES)) {
      writeFileSync(join(folder, `${name}-${themeName}.svg`), `${svgOf(chart, theme)}\n`);
    }
  }
}
