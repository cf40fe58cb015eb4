import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and its self-signed certificate (RFC 5280) for 127.0.0.1, in PEM: valid for ten years, and new for each run. */
export const selfSigned = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issued = Buffer.concat([
    der(0xa0, der(integer, Buffer.from([2]))),
    der(integer, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    der(sequence, utcTime(0), utcTime(10)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(sequence, der(sequence, subjectAltName, der(octetString, der(sequence, der(0x87, loopback)))))),
  ]);
  const content = der(sequence, issued);
  const signature = sign('sha256', content, privateKey);
  const certificate = der(sequence, content, ecdsaWithSha256, der(bitString, Buffer.from([0]), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
};

/** One value in DER (X.690): tag, length, content. */
const der = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const value = Buffer.concat(content);
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
};

const [integer, bitString, octetString, sequence, set] = [0x02, 0x03, 0x04, 0x30, 0x31];
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const utcTime = (years: number) => {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() + years, 0, 1);
  return der(0x17, Buffer.from(`${date.toISOString().slice(2, 10).replaceAll('-', '')}000000Z`));
};

const loopback = Buffer.from([127, 0, 0, 1]);
const ecdsaWithSha256 = der(sequence, oid('2a8648ce3d040302'));
const subjectAltName = oid('551d11');
const commonName = oid('550403');
const name = der(sequence, der(set, der(sequence, commonName, der(0x0c, Buffer.from('loopback')))));
