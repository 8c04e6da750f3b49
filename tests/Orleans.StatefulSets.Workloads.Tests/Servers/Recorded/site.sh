mkdir -p /srv/site/dir /srv/site/listing/sub /srv/site/try/d /srv/site/noidx /srv/site/locked /srv/other /srv/temp
cd /srv/site
echo '<h1>index</h1>' > index.html
echo '<h1>err</h1>' > 50x.html
echo '<h1>404 mine</h1>' > 404.html
echo sub > dir/index.html
echo o > /srv/other/f.txt
echo hello > a.txt
echo 1 > listing/b.txt
echo 'a b' > 'listing/sp ace&<.txt'
echo long > listing/a-name-that-is-longer-than-fifty-letters-is-cut-off-in-the-list.txt
head -c 20000 /dev/zero > listing/large.bin
printf x > noext
: > empty.txt
echo secret > secret
echo x > locked/f
echo 'me:{PLAIN}word' > /srv/users
chmod 600 secret
chmod 700 locked
touch -d '2024-01-01 00:00:00' index.html 50x.html 404.html dir/index.html /srv/other/f.txt a.txt noext empty.txt listing/*
