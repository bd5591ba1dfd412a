import { stepsMeet } from './steps-in-trouble.ts';
import { THROTTLED_XML } from './troubled-aws.ts';

stepsMeet([{ kind: 'that asks for fewer requests', bad: THROTTLED_XML }]);
