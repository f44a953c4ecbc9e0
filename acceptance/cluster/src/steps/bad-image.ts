import { deployCommand } from '../almanac.ts';
import { judgeFaultless } from '../judge.ts';
import type { Step } from '../step.ts';
import { tagNow } from '../tag-now.ts';
import { describeLoad, underLoad } from '../under-load.ts';

const MISSING = 'no-such-tag';

export const badImage: Step = {
  name: 'bad-image',
  title: 'an upgrade to a missing image: reported at once, rolled back, and no request fails meanwhile',
  needs: 'release',
  run: async (testbed) => {
    const service = testbed.settings.services.includes('query') ? 'query' : (testbed.settings.services[0] as string);
    const before = await tagNow(testbed, service);
    const upgrade = () => deployCommand(testbed, 'upgrade', service, '--tag', MISSING, '--timeout', '3m');
    const { result, findings } = await underLoad(testbed, 'bad image', judgeFaultless, upgrade);
    testbed.out.line(describeLoad('bad image', findings));
    const { code, output, seconds } = result;
    const expected = [
      `pod .*(ErrImagePull|ImagePullBackOff): .*${MISSING}`,
      'rolling back to revision',
      `${service} was not upgraded to ${MISSING}`,
    ];
    for (const text of expected)
      if (!new RegExp(text).test(output)) findings.wrong.push(`deploy upgrade did not print '${text}': ${output}`);
    if (code !== 1) findings.wrong.push(`deploy upgrade exited with ${code}, expected 1`);
    const after = await tagNow(testbed, service);
    if (after !== before) findings.wrong.push(`${service} runs ${after} afterwards, expected ${before}`);
    return { figures: { ...findings.figures, secondsUntilBack: Math.round(seconds) }, wrong: findings.wrong };
  },
};
