# Its defaults: what the backend says may be kept is kept, as long as it says. EdgeProxy.Load/Compare/Contender.cs puts the values between the at signs.
vcl 4.1;

backend default {
  .host = "127.0.0.1";
  .port = "@BACKEND@";
}

sub vcl_recv {
  if (req.url == "/mock") {
    return (synth(200));
  }
}
