/** The broker's configuration from the templates of this folder; `install` fills the same ones on a Pi. */
import { readFileSync } from 'node:fs';

function template(name, values) {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return text.replace(/@([A-Z_]+)@/g, (whole, key) => {
    if (values[key] === undefined) throw new Error(`broker/${name} asks for ${whole}, which nothing gives.`);
    return String(values[key]);
  });
}

/** Text of mosquitto.conf. */
export function mosquittoConf({ bind, mqttPort, wsPort, tls, accessDir, dataDir, extraLines = [] }) {
  const parts = [
    template('mosquitto/common.conf', {}),
    template('mosquitto/own-place.conf', { DATA: dataDir }),
    template(`mosquitto/access-${accessDir === undefined ? 'open' : 'secure'}.conf`, { ACCESS: accessDir }),
    ...(extraLines.length > 0 ? [`${extraLines.join('\n')}\n`] : []),
    template('mosquitto/listeners.conf', { MQTT_PORT: mqttPort, WS_PORT: wsPort, BIND: bind }),
  ];
  if (tls !== undefined) {
    const values = { MQTTS_PORT: tls.mqttsPort, WSS_PORT: tls.wssPort, TLS_BIND: bind, TLS: tls.dir };
    parts.push(template('mosquitto/listeners-tls.conf', values));
  }
  return parts.join('\n');
}

/** Text of the ACL file; a fog or cloud node may do what a board may, and more. */
export function aclText(topicRoot, users) {
  const parts = [template('acl/everyone.acl', { ROOT: topicRoot })];
  for (const { name, role } of users) {
    const values = { ROOT: topicRoot, USER: name };
    if (role !== 'lab') parts.push(template('acl/board.acl', values));
    if (role !== 'board') parts.push(template(`acl/${role}.acl`, values));
  }
  return parts.join('');
}
