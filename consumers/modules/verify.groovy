assert new File(basedir, 'target/means.jsonl').readLines().sort() ==
        ['{"place":"cellar","celsius":11.0}', '{"place":"hall","celsius":4.875}']

def log = new File(basedir, 'build.log').readLines()
assert log.any { it.startsWith("as expected: pipeline 'from-kafka'") }
assert log.any { it.startsWith("as expected: pipeline 'to-cassandra'") }
assert log.containsAll([
    'Modules is in module readings',
    'Pipeline is in module dev.millrace.pipeline',
    'Csv is in module dev.millrace.files',
    'Kafka is in module dev.millrace.kafka',
    'Cassandra is in module dev.millrace.cassandra'])
