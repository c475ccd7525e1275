assert new File(basedir, 'target/counts.csv').text == 'product,orders\nlamp,2\n'
assert new File(basedir, 'target/shipped.jsonl').readLines() == ['{"product":"lamp","byVirtualThread":true}'] * 2

def log = new File(basedir, 'build.log').text
assert log.contains('on Java ')
assert !log.contains('A restricted method') // which would ask for --enable-native-access
