import { asVariables } from './kafka-docker.mjs';
import { versionIn } from './kafka-jars.mjs';
import { asProperties, kafkaSettings } from './kafka-settings.mjs';
import { chooseKafka } from './kafka-way.mjs';

const nothing = { brokers: undefined, java: () => 0, maven: () => false, jars: () => false, docker: () => false };
const everything = { brokers: 'kafka:9092', java: () => 21, maven: () => true, jars: () => true, docker: () => true };

describe('where Kafka comes from', () => {
  it('is what the person names, then Java, then Docker', () => {
    expect(chooseKafka(everything)).toBe('given');
    expect(chooseKafka({ ...everything, brokers: undefined })).toBe('java');
    expect(chooseKafka({ ...everything, brokers: '', java: () => 11 })).toBe('docker');
  });

  it('needs Maven only until the jars are there', () => {
    expect(chooseKafka({ ...nothing, java: () => 17, jars: () => true })).toBe('java');
    expect(() => chooseKafka({ ...nothing, java: () => 17 })).toThrow('Maven is not installed');
  });

  it('is said plainly when it comes from nowhere', () => {
    expect(() => chooseKafka(nothing)).toThrow(/Java is not installed[\s\S]*Docker[\s\S]*KAFKA_BROKERS/);
    expect(() => chooseKafka({ ...nothing, java: () => 11, maven: () => true })).toThrow('Java 11 is too old');
  });
});

describe('the settings of the broker', () => {
  const settings = kafkaSettings({ folder: '/data', port: 8092, controllerPort: 8093 });

  it('keep every record and make no topic by themselves', () => {
    expect(asProperties(settings)).toMatch(/^log\.retention\.ms=-1$/m);
    expect(asProperties(settings)).toMatch(/^auto\.create\.topics\.enable=false$/m);
  });

  it('become the variables that the image takes', () => {
    expect(asVariables(settings)).toContain('KAFKA_AUTO_CREATE_TOPICS_ENABLE=false');
  });

  it('name one version, in the file that Maven reads', () => {
    expect(versionIn('<properties><kafka.version>4.4.0</kafka.version></properties>')).toBe('4.4.0');
  });
});
