def placed = '''\
sensor,place,at,celsius
north,hall,2026-11-01T06:00:00Z,4.5
south,cellar,2026-11-01T06:00:00Z,11.0
north,hall,2026-11-01T07:00:00Z,5.25
'''
def counts = ['{"place":"cellar","readings":1}', '{"place":"hall","readings":2}']

def jars = { File output -> new File(output, 'class-path.txt').readLines().collect { new File(it).name } }
['as-published', 'older-libraries'].each {
    def output = new File(basedir, "target/$it")
    assert new File(output, 'placed.csv').text == placed
    assert new File(output, 'counts.jsonl').readLines().sort() == counts
}
def older = { (new File(basedir, 'pom.xml').text =~ "<${it}.version>(.+)<")[0][1] }
assert jars(new File(basedir, 'target/older-libraries')).containsAll(
        ["jackson-databind-${older('jackson')}.jar", "netty-handler-${older('netty')}.jar"]*.toString())

def log = new File(basedir, 'build.log').text
assert log.count("as expected: pipeline 'from-kafka'") == 2
assert log.count("as expected: pipeline 'to-cassandra'") == 2
