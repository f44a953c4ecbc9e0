import type { Job } from '@almanac/domain';
import { courseResponses, courseSuccess, sendJsonText } from '@almanac/service';
import type { FastifyReply } from 'fastify';
import { JobParams } from '../v1/params.ts';

/** The schema of a route about one job. */
export const jobSchema = { tags: ['course'], params: JobParams, response: { ...courseResponses('json'), 202: courseSuccess('json') } };

export const sendJson = (reply: FastifyReply, status: number, value: unknown) =>
  sendJsonText(reply.header('cache-control', 'no-cache'), `${JSON.stringify(value)}\n`, status);

export const sendText = (reply: FastifyReply, text: string) => reply.type('text/plain; charset=utf-8').send(`${text}\n` as never);

export const sendPng = (reply: FastifyReply, name: string, png: Buffer) =>
  reply
    .type('image/png')
    .header('content-disposition', `attachment; filename="${name}.png"`)
    .send(png as never);

export const sendUnfinished = (reply: FastifyReply, { id, status }: Job) =>
  sendJson(reply, 202, { id, status, message: `Job ${id} is not finished: its status is ${status}.` });

/** The reply about a job that ended without a result. */
export const withoutResult = ({ id, status, message }: Job): { id: string; status: string; message: string } => ({
  id,
  status,
  message: message ?? (status === 'cancelled' ? `Job ${id} was cancelled.` : `Job ${id} failed.`),
});
