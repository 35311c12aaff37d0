import { Hono } from 'hono'
import { Challenge, DeviceRequest, DeviceSession } from '../../protocol/devices.ts'
import { quotas } from '../domain/quotas.ts'
import { nodeRequest } from './requests.ts'
import { documented, limitBody, parse } from './route.ts'
import type { Services } from './services.ts'

export const deviceRoutes = ({ sessions, clientAddress }: Services) =>
  new Hono()
    .post(
      '/challenges',
      documented({ tag: 'Devices', summary: 'Something to sign', answer: { schema: Challenge } }),
      limitBody(quotas.bodyBytes),
      c => c.json(sessions.challenge()),
    )
    .post(
      '/devices',
      documented({
        tag: 'Devices',
        summary: 'Register a device, or renew its session, by a signed challenge',
        answer: { schema: DeviceSession },
        refusals: [
          'InvalidRequestError',
          'InvalidSignatureError',
          'ChallengeSpentError',
          'SignupWorkError',
          'TooManyRequestsError',
          'PayloadTooLargeError',
        ],
      }),
      limitBody(quotas.bodyBytes),
      parse('json', DeviceRequest),
      async c => c.json(await sessions.open(c.req.valid('json'), clientAddress.of(nodeRequest(c).incoming))),
    )
