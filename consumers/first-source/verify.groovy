def log = new File(basedir, 'build.log').text
assert log.contains(new File(basedir, 'expected.txt').text)
assert log.contains('Tests run: ')
