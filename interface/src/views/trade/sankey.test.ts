import { expect, test } from "vitest";
import { LARGEST, layOut, scaleOf, type Sankey } from "./sankey";
import { GAS } from "../../testing/gas";

const says = (_: string, amount: number) => amount.toFixed(1);
const laid = (flows: number[], width = 600) => layOut(GAS, flows, scaleOf([flows]), width, says);
const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
/** The numbers of an outline, in order. */
const outline = (path: string) => path.match(/-?\d+(\.\d+)?/g)!.map(Number);

test("flows conserve: bands fill the bars of suppliers and of demanders, and no more", () => {
  for (const flows of [[10, 5, 20], [1, 0, 3], [0.001, 7, 2000]]) {
    const { suppliers, demanders, bands } = laid(flows);
    const thick = sum(bands.map((one) => one.thickness));
    expect(sum(suppliers.map((one) => one.height))).toBeCloseTo(thick, 6);
    expect(sum(demanders.map((one) => one.height))).toBeCloseTo(thick, 6);
    expect(sum(suppliers.map((one) => one.amount))).toBeCloseTo(sum(flows), 6);
  }
});

test("a band is as thick as its flow, on the scale of the largest total", () => {
  const { bands } = laid([10, 5, 20]);
  expect(bands.map((one) => one.thickness)).toEqual([10, 5, 20].map((flow) => (flow / 35) * LARGEST));
});

test("bands lie beside each other on a bar, and none leaves it", () => {
  const picture: Sankey = laid([10, 5, 20]);
  const [well, sea] = picture.suppliers;
  const starts = picture.bands.map((band) => outline(band.path)[1]!);
  expect(starts[0]).toBeCloseTo(well!.y, 0);
  expect(starts[1]).toBeCloseTo(well!.y + picture.bands[0]!.thickness, 0);
  expect(starts[2]).toBeCloseTo(sea!.y, 0);
});

test("titles stand between the bands, and what is closed has a row but no thickness", () => {
  for (const width of [320, 900]) {
    const { bands, height } = laid([10, 0, 20], width);
    expect(bands[1]!.thickness).toBe(0);
    bands.forEach((band, i) => {
      const lines = band.title.length + Number(band.amountBelow);
      expect(band.titleY + (lines - 1) * 15).toBeLessThan(band.y - band.thickness / 2);
      const above = bands[i - 1];
      if (above) expect(band.titleY - 10).toBeGreaterThanOrEqual(above.y + above.thickness / 2);
    });
    expect(bands.at(-1)!.y).toBeLessThan(height);
  }
});

test("bars do not overlap, even where their flows are small", () => {
  const { suppliers } = laid([0.01, 0.01, 50]);
  const [upper, lower] = [...suppliers].sort((a, b) => a.y - b.y);
  expect(upper!.y + upper!.height).toBeLessThan(lower!.y);
});
