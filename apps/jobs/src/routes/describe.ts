/** The description of a route in Markdown: sentences, then a curl command as an example. */
export const describe = (sentences: readonly string[], curl: string): string =>
  [sentences.join(' '), `\`\`\`\ncurl ${curl}\n\`\`\``].filter((part) => part !== '').join('\n\n');

/** The id of a job in the examples. */
export const JOB = '8e03978e-40d5-43e8-bc93-6894a57f9324';
/** A job's address in the examples. */
export const JOB_URL = `http://localhost:5000/v1/jobs/${JOB}`;
