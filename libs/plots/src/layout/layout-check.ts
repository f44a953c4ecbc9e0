import type { Measure } from '../font.ts';
import type { Scene, TextItem } from '../scene.ts';

type Point = readonly [x: number, y: number];

/** The corners of a text as it stands, turned or not: from the tops of capitals to a little below the baseline. */
function cornersOf({ text, size, align, angle, x, y }: TextItem, measure: Measure): Point[] {
  const width = measure(text, size);
  const left = align === 'end' ? -width : align === 'middle' ? -width / 2 : 0;
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const corners: Point[] = [
    [left, -0.74 * size],
    [left + width, -0.74 * size],
    [left + width, 0.2 * size],
    [left, 0.2 * size],
  ];
  return corners.map(([dx, dy]) => [x + dx * cos - dy * sin, y + dx * sin + dy * cos]);
}

/** Whether a line separates two convex shapes (separating axis theorem). */
function isApart(a: readonly Point[], b: readonly Point[]): boolean {
  return [a, b].some((shape) =>
    [0, 1].some((k) => {
      const normal: Point = [shape[k + 1]![1] - shape[k]![1], shape[k]![0] - shape[k + 1]![0]];
      const along = (points: readonly Point[]) => points.map(([x, y]) => x * normal[0] + y * normal[1]);
      const [first, second] = [along(a), along(b)];
      return Math.max(...first) <= Math.min(...second) + 1e-9 || Math.max(...second) <= Math.min(...first) + 1e-9;
    }),
  );
}

/** What is wrong with the texts of a scene: those that touch each other or leave the canvas, in words. */
export function faultsOf(scene: Scene, measure: Measure): string[] {
  const texts = scene.items.filter((item) => item.item === 'text').map((text) => ({ text, corners: cornersOf(text, measure) }));
  const isOutside = ([x, y]: Point) => x < -0.01 || y < -0.01 || x > scene.width + 0.01 || y > scene.height + 0.01;
  const leaving = texts.filter(({ corners }) => corners.some(isOutside)).map(({ text }) => `${labelOf(text)} leaves the canvas`);
  const touching = texts.flatMap((a, i) =>
    texts.slice(i + 1).flatMap((b) => (isApart(a.corners, b.corners) ? [] : [`${labelOf(a.text)} touches ${labelOf(b.text)}`])),
  );
  return [...leaving, ...touching];
}

const labelOf = ({ text, role }: TextItem): string => `'${text}' (${role})`;
