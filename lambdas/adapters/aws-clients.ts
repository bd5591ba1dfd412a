/**
 * How every client of AWS waits and tries again. The SDK itself waits for ever for an answer, which
 * would hold a function until its own time is over.
 *
 * Connecting: 3.1 s, the SDK's "standard" mode (SDKs and Tools reference, smart configuration
 * defaults). Silence: 30 s, the read time-out of the SDK for Java 2 (`SdkHttpConfigurationOption`).
 * Five attempts of it end within the five minutes that the shortest function has.
 */
export const awsClient = {
  retryMode: 'standard',
  maxAttempts: 5,
  requestHandler: {
    connectionTimeout: 3_100,
    requestTimeout: 30_000,
    throwOnRequestTimeout: true,
    socketTimeout: 30_000,
  },
};
