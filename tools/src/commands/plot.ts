import { existsSync, statSync, writeFileSync } from 'node:fs';
import { Client, type JobRecord, type LoadReport } from '../client/client.ts';
import { runJob } from '../client/follow-job.ts';
import { curl } from '../client/shell.ts';
import type { Command } from '../command.ts';
import { plotInputs, plotOptions } from '../plot/inputs.ts';
import { kindOf } from '../plot/media-type.ts';
import { outputFor } from '../plot/output.ts';
import { describeJob, describeLoad } from '../plot/report.ts';
import { running } from '../supervisor/state.ts';
import { Failure, usageError } from '../system/failure.ts';
import { dim, type Output, StreamOutput } from '../system/output.ts';

export const plotCommand: Command = {
  name: 'plot',
  summary: 'Uploads a file, draws it and saves the picture',
  usage: 'FILE [options]',
  words: 1,
  options: plotOptions,
  more: 'FILE is in any format that Almanac reads (its extension names it), gzipped or not. Prints curl commands that do the same.\nExit codes: 0 the picture is saved, 1 failed, 2 invalid usage.',
  run: async (args) => {
    const file = args.words[0];
    if (file === undefined) throw usageError('missing FILE, e.g. ./almanac plot data.csv');
    if (!existsSync(file)) throw new Failure(`No such file: ${file}`);
    if (!statSync(file).isFile()) throw new Failure(`${file} is not a file`);
    const kind = await kindOf(file);
    const output = outputFor(args.text('output'), file, kind.stem);
    const out = new StreamOutput();
    const client = new Client(args.text('url') ?? process.env.ALMANAC_URL ?? running()?.url ?? 'http://127.0.0.1:5000');

    const key = args.text('key');
    const path = `/v1/datasets/${args.text('id') ?? kind.dataset}${key === undefined ? '' : `?${new URLSearchParams({ key })}`}`;
    const report = await client.putFile<LoadReport>(path, file, kind.headers, (sent, of) => showUpload(out, sent, of));
    for (const line of describeLoad(report)) out.line(line);

    const inputs = plotInputs(args, report.dataset, report.columns);
    const job = await runJob(client, inputs, [output.format], (record) => out.progress(jobProgress(record)));
    const result = job.results[output.format]?.href ?? `/v1/jobs/${job.id}/results/${output.format}`;
    const picture = await client.bytes(result);
    writeFileSync(output.path, picture);
    for (const line of describeJob(job, output.path, picture.length)) out.line(line);

    out.line();
    out.line(dim('The same with curl:'));
    const body = { process: 'plot', inputs, outputs: [output.format] };
    out.line(`  ${curl({ url: client.base + path, headers: kind.headers, file })}`);
    out.line(
      `  ${curl({ url: `${client.base}/v1/jobs`, headers: { 'Content-Type': 'application/json', Prefer: 'wait=30' }, json: body })}`,
    );
    out.line(`  ${curl({ url: client.urlOf(result).href, output: output.path })}`);
    return 0;
  },
};

/** Only for large files: small ones are sent before anyone could read the line. */
function showUpload(out: Output, sent: number, of: number): void {
  if (of > 4_000_000) out.progress(`uploading ${Math.floor((10 * sent) / of) * 10} % of ${Math.round(of / 1e6)} MB`);
}

const jobProgress = ({ status, stage, progress }: JobRecord): string => `${stage ?? status} ${progress} %`;
