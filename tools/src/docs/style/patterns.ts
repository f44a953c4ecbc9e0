/** Wording that a stranger stumbles over, and what to write instead. The rules and the terms are in docs/style.md. */
export interface Pattern {
  pattern: RegExp;
  say: string;
}

export const patterns: readonly Pattern[] = [
  // Who acts
  { pattern: /\b(nobody|no one|whoever|somebody|someone|everybody)\b/i, say: 'name who acts: the caller, the client, the worker, anyone' },
  { pattern: /\bwho (asks?|asked|reads?|takes?|calls?|waits?|puts?|saves?|sends?|follows?)\b/i, say: 'the caller, the client, the reader' },
  { pattern: /\bas a person\b/i, say: 'a user, or nothing' },
  // What a service does
  { pattern: /\banswer(s|ed|ing)?\b/i, say: 'returns, responds; a response' },
  { pattern: /\b(is|are|was|were|be|being|been) (told|said)\b/i, say: 'is reported, is set, receives' },
  { pattern: /\b(tells?|told)\b/i, say: 'reports, detects, records' },
  { pattern: /\bnamed by\b/i, say: 'keyed by, identified by' },
  { pattern: /\bspeaks? (with|to)\b/i, say: 'connects to, calls' },
  { pattern: /\bhears? (of|from|that)\b/i, say: 'receives, detects' },
  { pattern: /\bthe door\b/i, say: 'the gateway' },
  // Conditions and bounds
  { pattern: /\bwhere (it|there|that) (is|are)\b(?! now)/i, say: '"if" for a condition; "the address of" for a place' },
  { pattern: /\bso many\b/i, say: 'at most N; too many' },
  { pattern: /\bmay(?=[.;:,)]|$)/, say: 'the limit is N' },
  { pattern: /\bmakes? (no )?sense\b/i, say: 'is invalid; is valid' },
  { pattern: /\bsure to\b/i, say: 'must, or nothing' },
  { pattern: /\bin so far as\b|\binsofar\b/i, say: 'if, as far as' },
  // Failures
  { pattern: /\b(taken|takes?) for dead\b/i, say: 'is declared dead, counts as lost' },
  { pattern: /\b(is|are|was|were) away\b/i, say: 'is unavailable' },
  { pattern: /\bout of reach\b/i, say: 'unreachable' },
  { pattern: /\bcome again\b|\bcomes? back later\b/i, say: 'retry later' },
  { pattern: /\bturn(s|ed)? away\b/i, say: 'refuse, reject' },
  { pattern: /\bbroke off\b|\bbreaks? off\b|\bbroken off\b/i, say: 'the connection closed; ends early' },
  { pattern: /\blife signs?\b/i, say: 'heartbeat' },
  // Idioms of the house
  { pattern: /\b(goes|go|went|going) on\b/i, say: 'continues, resumes' },
  { pattern: /\bbe had\b/i, say: 'be available, be found' },
  { pattern: /\bof its own accord\b/i, say: 'by itself' },
  { pattern: /\bthis one\b/i, say: 'repeat the noun' },
  { pattern: /\b(is|was|are|were|be) ended\b/i, say: 'is stopped, is killed, ends' },
  { pattern: /\banew\b/i, say: 'again' },
  { pattern: /\bby and by\b|\bmeanwhile\b/i, say: 'gradually; in the meantime, or nothing' },
  { pattern: /\bunless named\b/i, say: 'by default' },
  { pattern: /\bwithout asking\b/i, say: 'offline, without a request' },
  { pattern: /\btakes? part\b|\bmay (speak|hear)\b/i, say: 'use a plain verb' },
  { pattern: /\b(a person|people) should (read|know|see)\b/i, say: 'notes for the user' },
  { pattern: /\bof (your|its|their|one's) own making\b/i, say: 'your own' },
  // Words that have a usual one
  { pattern: /(?<!there )\b(is|are|was) no (?!longer|more|way|need|reason|sign|one)\b/i, say: '"is not a"' },
  { pattern: /\b(not|longer) taken\b(?! the)|\btaken for\b/i, say: 'not accepted, not supported; treated as' },
  { pattern: /\b(is|are) not there\b|\bnot there any more\b/i, say: 'does not exist, is missing' },
  { pattern: /\b(several )?between commas\b/i, say: 'comma-separated' },
  { pattern: /\bpass(es|ed)? over\b/i, say: 'skip, ignore' },
  { pattern: /\bkept apart\b/i, say: 'stored separately, rejected' },
  { pattern: /\bmend(s|ed)?\b/i, say: 'repair, fix' },
  { pattern: /\btruth values?\b/i, say: 'true or false, a boolean' },
  { pattern: /\bwhole numbers?\b/i, say: 'an integer' },
  { pattern: /\ba text\b(?! (file|form))/i, say: 'a string' },
  { pattern: /\bfor (people|a person)\b/i, say: 'readable, for display' },
  { pattern: /\bthe whole of\b/i, say: 'all of' },
  { pattern: /\bleast (rate|level)\b/i, say: 'minimum' },
  { pattern: /\bthe present (version|one|record)\b/i, say: 'the current' },
  { pattern: /\bwent away\b/i, say: 'disconnected' },
  { pattern: /\bstands? (above|beside)\b/i, say: 'takes precedence over; is next to' },
  { pattern: /\bsay \.\/almanac/i, say: 'run ./almanac' },
  // Shouting. Lists of methods and commands of Redis have commas between them.
  { pattern: /\b(?!HTTP|CSV|TSV|JSON|GET|PUT|POST)[A-Z]{3,}(?: [A-Z]{2,}){3,}\b/, say: 'write sentences in normal case' },
];
