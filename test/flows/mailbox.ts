import { until } from '../../infra/local/patience.ts';
import { mailsNaming, type SentMail } from '../emulator/sent-mails.ts';
import { platform } from './scene.ts';

/** As the demo's platform.yaml registers them. */
export const tenantAdmin = 'tenant-admin@shop.example';
export const supportContact = 'support@shop.example';
export const operator = 'operator@shop.example';

/** Every mail to an address about one request, cycle or source, once there is one; oldest first. */
export const mailsAbout = (about: string, address: string): Promise<SentMail[]> =>
  until(`a mail about ${about} left`, async () => {
    const mails = (await mailsNaming(about, platform.connection.endpoint)).filter(({ To }) =>
      To.includes(address),
    );
    return mails.length > 0 ? mails : undefined;
  });
