import type { TObject } from 'typebox';
import type { RecordSet } from './record-set.ts';
import type { RouteResponse } from './response.ts';

/** The course's editions differ in a few shapes; `?shape=` in a request stands above this. */
export const editions = ['seed', '2024'] as const;
export type Edition = (typeof editions)[number];

/** A place on Earth in words. */
export interface Place {
  /** fit for people, over land and over water */
  text: string;
  /** country, country_code over land; water over water; nearest_city always */
  geo: object;
}

/** A request as a profile's route sees it. */
export interface ProfileRequest {
  params: Readonly<Record<string, string>>;
  /** of a parameter that was given twice, the last value */
  query: Readonly<Record<string, string>>;
  set: RecordSet;
  now: Date;
  edition: Edition;
  /** Names the place under a position, in degrees. */
  place(latitudeDeg: number, longitudeDeg: number): Promise<Place>;
}

interface RouteHelp {
  path: string;
  /** what it does, in one line of /help */
  summary: string;
  /** arguments of `curl`; $BASE stands for the address of the gateway */
  example: string;
  /** for the API's documents, beyond the summary */
  description?: string;
  /** query parameters, for the API's documents; unknown parameters are ignored, as clients of this dialect expect */
  query?: TObject;
}

/** A route of query that reads a data set of the profile. Failures are thrown as ProblemErrors. */
export interface ReadingRoute extends RouteHelp {
  service: 'query';
  method: 'GET';
  /** its response comes from memory and has a few hundred bytes */
  quick?: true;
  /** a path such as / that other profiles use too: it is this profile's only if the requested data set is */
  isSharedPath?: true;
  respond(request: ProfileRequest): RouteResponse | Promise<RouteResponse>;
}

/** A route of ingest that lets the profile make records from the JSON body of the request, and loads them. */
export interface MakingRoute extends RouteHelp {
  service: 'ingest';
  method: 'POST';
  /** members of the JSON body, all optional, for the API's documents */
  body: TObject;
  records(body: Readonly<Record<string, unknown>>): Record<string, unknown>[];
  respond(made: readonly Record<string, unknown>[]): RouteResponse;
}

export type ProfileRoute = ReadingRoute | MakingRoute;
