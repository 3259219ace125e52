// Links that are encrypted by certificates.

#include <registry/link/internal/link_service.hpp>

#include <link/authority.hpp>
#include <link/recorder.hpp>
#include <support/captured_log.hpp>
#include <support/own_host.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <openssl/pem.h>

#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace registry;
using namespace registry::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

running_service::setup with(std::shared_ptr<const tls_keys> keys, const std::string& secret = {}) {
  return [=](link_service_options& out, recorder&) {
    out.keys = keys;
    out.must_encrypt = true;
    out.identity.secret = secret;
    out.identity.newest_version = 2;
  };
}

/// What both ends say of a dial that fails.
std::pair<turned_away, turned_away> refusals_between(running_service& dialler, running_service& acceptor,
                                                     const std::string& host = "127.0.0.1") {
  dialler->dial({host, acceptor.where().port}, 1);
  auto at_dialler = dialler.seen.failures.take();
  auto at_acceptor = acceptor.seen.refusals.take();
  CHECK(dialler.seen.links.size() == 0);
  CHECK(acceptor.seen.links.size() == 0);
  return {std::move(at_dialler), std::move(at_acceptor)};
}

bool link_up(running_service& dialler, running_service& acceptor, const std::string& host = "127.0.0.1") {
  dialler->dial({host, acceptor.where().port}, 1);
  const auto one = dialler.seen.links.take();
  const auto other = acceptor.seen.links.take();
  return one.tls != nullptr && other.tls != nullptr;
}

} // namespace

TEST_CASE("nodes with certificates of one authority link, by name and by number, and need no secret", "[certificates]") {
  const file_folder files;
  const authority ca{"an authority"};
  const certificate_request both_ways{.usage = "serverAuth,clientAuth"};
  running_service a{1, with(keys_of(ca.issue_to(files, "a")))};
  running_service b{2, with(keys_of(ca.issue_to(files, "b", both_ways)))};
  CHECK(link_up(a, b));
  CHECK(link_up(b, a, "localhost"));
  // The names of the one that dials do not matter.
  running_service nameless{3, with(keys_of(ca.issue_to(files, "c", {.names = {}})))};
  CHECK(link_up(nameless, a));
}

TEST_CASE("a node with certificates may listen anywhere without a secret", "[certificates]") {
  const file_folder files;
  const authority ca{"an authority"};
  recorder seen;
  auto open = options(1, "0.0.0.0");
  open.identity.secret.clear();
  open.keys = keys_of(ca.issue_to(files, "a"));
  open.must_encrypt = true;
  CHECK(link_service::start(open, seen).has_value());
  open.must_encrypt = false;
  CHECK_FALSE(link_service::start(open, seen).has_value());
}

TEST_CASE("the secret counts inside of links by certificates", "[certificates]") {
  const file_folder files;
  const authority ca{"an authority"};
  running_service a{1, with(keys_of(ca.issue_to(files, "a")), "a secret")};
  running_service b{2, with(keys_of(ca.issue_to(files, "b")), "a secret")};
  running_service c{3, with(keys_of(ca.issue_to(files, "c")), "another")};
  CHECK(link_up(a, b));
  CHECK(refusals_between(c, b).first.why == dial_failure::wrong_secret);
}

TEST_CASE("a certificate for another host is refused, and both ends say so", "[certificates]") {
  const file_folder files;
  const authority ca{"an authority"};
  running_service a{1, with(keys_of(ca.issue_to(files, "a")))};
  running_service other{2, with(keys_of(ca.issue_to(files, "b", {.names = {"DNS:elsewhere.example", "IP:192.0.2.1"}})))};
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    const auto [dialler, acceptor] = refusals_between(a, other, host);
    CHECK(dialler.why == dial_failure::wrong_certificate);
    CHECK_THAT(dialler.detail, ContainsSubstring("the certificate of the other end is not for '" + host + "'"));
    CHECK_THAT(dialler.detail, ContainsSubstring("subject alternative names"));
    CHECK(acceptor.why == dial_failure::wrong_certificate);
    CHECK_THAT(acceptor.detail, ContainsSubstring("must be for the address that this node advertises"));
  }
}

TEST_CASE("a certificate of an authority that is not trusted is refused, and both ends say so", "[certificates]") {
  const file_folder files;
  const authority ca{"an authority"};
  const authority another{"another authority"};
  running_service a{1, with(keys_of(ca.issue_to(files, "a")))};
  SECTION("the acceptor's") {
    running_service b{2, with(keys_of(another.issue_to(files, "b", {}, ca.certificate() + another.certificate())))};
    const auto [dialler, acceptor] = refusals_between(a, b);
    CHECK(dialler.why == dial_failure::wrong_certificate);
    CHECK_THAT(dialler.detail, ContainsSubstring("an authority that this node does not trust; registry.tls-ca here"));
    CHECK(acceptor.why == dial_failure::wrong_certificate);
    CHECK_THAT(acceptor.detail,
               ContainsSubstring("registry.tls-ca there must hold the authority of registry.tls-certificate here"));
  }
  SECTION("the dialler's") {
    running_service b{2, with(keys_of(another.issue_to(files, "b", {}, ca.certificate() + another.certificate())))};
    const auto [dialler, acceptor] = refusals_between(b, a);
    CHECK(dialler.why == dial_failure::wrong_certificate);
    CHECK_THAT(dialler.detail,
               ContainsSubstring("registry.tls-ca there must hold the authority of registry.tls-certificate here"));
    CHECK(acceptor.why == dial_failure::wrong_certificate);
    CHECK(acceptor.who == node_address{"127.0.0.1", 0});
    CHECK_THAT(acceptor.detail, ContainsSubstring("an authority that this node does not trust; registry.tls-ca here"));
  }
  SECTION("none, while authorities change") {
    running_service b{2, with(keys_of(another.issue_to(files, "b", {}, ca.certificate() + another.certificate())))};
    running_service c{3, with(keys_of(ca.issue_to(files, "c", {}, another.certificate() + ca.certificate())))};
    CHECK(link_up(b, c));
    CHECK(link_up(c, b));
  }
}

TEST_CASE("a certificate that has expired since the start is refused, and both ends say so", "[certificates]") {
  const file_folder files;
  const authority ca{"an authority"};
  running_service a{1, with(keys_of(ca.issue_to(files, "a")))};
  running_service late{2, with(keys_of(ca.issue_to(files, "b", {.valid_to = 3s})))};
  const auto end = std::time(nullptr) + 3;
  REQUIRE(eventually([&] { return std::time(nullptr) > end; }));
  const auto as_acceptor = refusals_between(a, late);
  CHECK_THAT(as_acceptor.first.detail, ContainsSubstring("the certificate of the other end has expired; give it a new one"));
  CHECK_THAT(as_acceptor.second.detail,
             ContainsSubstring("the certificate of this node has expired; exchange registry.tls-certificate here"));
  const auto as_dialler = refusals_between(late, a);
  CHECK_THAT(as_dialler.first.detail,
             ContainsSubstring("the certificate of this node has expired; exchange registry.tls-certificate here"));
  CHECK_THAT(as_dialler.second.detail, ContainsSubstring("the certificate of the other end has expired; give it a new one"));
}

TEST_CASE("a node with certificates and one with a secret refuse each other, and say what to do", "[certificates]") {
  const file_folder files;
  const authority ca{"an authority"};
  const std::string secret = "a secret of 32 characters or more";
  running_service a{1, with(keys_of(ca.issue_to(files, "a")), secret)};
  running_service b{2, with(tls_keys::from_secrets(std::vector{secret}, "tests").value(), secret)};
  const std::string what = "give all nodes of the cluster either";
  const auto by_certificate = refusals_between(a, b);
  CHECK_THAT(by_certificate.first.detail, ContainsSubstring(what));
  CHECK_THAT(by_certificate.second.detail, ContainsSubstring(what));
  // Whoever has a certificate, of whatever authority, has not shown that it knows the secret.
  const auto by_secret = refusals_between(b, a);
  CHECK(by_secret.first.why == dial_failure::wrong_certificate);
  CHECK_THAT(by_secret.first.detail, ContainsSubstring(what));
  CHECK_THAT(by_secret.second.detail, ContainsSubstring("unless that node has a secret instead"));
}

TEST_CASE("files that change are read anew at the next link, and what cannot be used is told once", "[certificates]") {
  const captured_log log;
  const file_folder files;
  const authority old_one{"an authority"};
  const authority new_one{"its successor"};
  const auto of_a = old_one.issue_to(files, "a");
  running_service a{1, with(keys_of(of_a))};
  running_service old_node{2, with(keys_of(old_one.issue_to(files, "b")))};
  running_service new_node{3, with(keys_of(new_one.issue_to(files, "c")))};
  CHECK(link_up(a, old_node));
  CHECK(refusals_between(a, new_node).first.why == dial_failure::wrong_certificate);
  // A half of the change: the key is still the old one.
  const auto made = new_one.issue();
  files.write("a.pem", made.certificate);
  CHECK(link_up(a, old_node));
  CHECK(link_up(old_node, a));
  CHECK(
      log.count(
          "[warning] the changed certificates cannot be used, and the ones before stay in use: option registry.tls-key ") ==
      1);
  files.write("a.ca", "nothing");
  CHECK(link_up(a, old_node));
  CHECK(log.count("[warning]") == 2);
  files.write("a.key", made.key);
  files.write("a.ca", new_one.certificate());
  CHECK(link_up(a, new_node));
  CHECK(link_up(new_node, a));
  CHECK(refusals_between(a, old_node).first.why == dial_failure::wrong_certificate);
  CHECK(log.count("[warning]") == 2);
  CHECK(log.count("[info] the certificates have been read anew; that of this node is valid until 2") == 1);
}

TEST_CASE("files that cannot be used are refused with the option, the file and what to do", "[certificates]") {
  const file_folder folder;
  const authority ca{"an authority"};
  auto files = ca.issue_to(folder, "a");
  const auto complaint = [&] {
    const auto loaded = tls_keys::from_files(files);
    const auto* fault = std::get_if<tls_file_fault>(&loaded);
    return fault == nullptr ? std::string{} : fault->option + " " + fault->what;
  };
  const auto reissue = [&](const certificate_request& request) { files = ca.issue_to(folder, "a", request); };
  REQUIRE(complaint().empty());
  SECTION("missing ones") {
    for (auto* file : {&files.certificate, &files.key, &files.authorities}) {
      const auto kept = std::exchange(*file, "/no/such/file");
      CHECK_THAT(complaint(),
                 ContainsSubstring("names a file that cannot be read: '/no/such/file' (No such file or directory)"));
      *file = kept;
    }
    files.certificate = "/tmp";
    CHECK_THAT(complaint(),
               ContainsSubstring("tls-certificate names a file that cannot be read, or is larger than 4 MiB: '/tmp'"));
  }
  SECTION("something else") {
    for (auto* file : {&files.certificate, &files.key, &files.authorities}) {
      const auto kept = std::exchange(*file, folder.write("text", "hello\n"));
      CHECK_THAT(complaint(), ContainsSubstring("in PEM format"));
      CHECK_THAT(complaint(), ContainsSubstring(*file));
      *file = kept;
    }
    auto damaged = ca.issue().certificate;
    damaged[100] = '!';
    folder.write("a.pem", ca.issue().certificate + damaged);
    CHECK_THAT(complaint(),
               ContainsSubstring("tls-certificate names a file without certificates in PEM format, or with a damaged one"));
  }
  SECTION("a key that others may read") {
    folder.write("a.key", ca.issue().key, 0644);
    CHECK(complaint() ==
          "tls-key names a file that everybody on this machine may read or change: make it private, chmod o= '" + files.key +
              "'");
  }
  SECTION("a key with a passphrase") {
    const openssl_ptr<EVP_PKEY> key{EVP_EC_gen("P-256")};
    auto* to = ::fopen(files.key.c_str(), "w");
    REQUIRE(to != nullptr);
    REQUIRE(PEM_write_PKCS8PrivateKey(to, key.get(), EVP_aes_256_cbc(), "hush", 4, nullptr, nullptr) == 1);
    ::fclose(to);
    CHECK_THAT(complaint(), ContainsSubstring("tls-key names a key with a passphrase"));
  }
  SECTION("a key of another certificate") {
    folder.write("a.key", ca.issue().key);
    CHECK(complaint() ==
          "tls-key names another key than that of the certificate in '" + files.certificate + "': '" + files.key + "'");
  }
  SECTION("a certificate that has expired") {
    reissue({.valid_from = -7000s, .valid_to = -3600s});
    CHECK_THAT(complaint(), ContainsSubstring("tls-certificate names a certificate that has expired, on 2"));
    CHECK_THAT(complaint(), ContainsSubstring("'" + files.certificate + "'; have a new one issued"));
  }
  SECTION("a certificate that is not valid yet") {
    reissue({.valid_from = 3600s, .valid_to = 7200s});
    CHECK_THAT(complaint(), ContainsSubstring("tls-certificate names a certificate that is not valid yet, but from 2"));
    CHECK_THAT(complaint(), ContainsSubstring("is the clock of this machine right?"));
  }
  SECTION("a certificate for one end only") {
    reissue({.usage = "serverAuth"});
    CHECK_THAT(complaint(),
               ContainsSubstring("tls-certificate names a certificate that must not be used by both ends of a connection"));
  }
  SECTION("an authority that has expired") {
    files = authority("an old one", -60s).issue_to(folder, "a");
    CHECK_THAT(complaint(), ContainsSubstring("tls-ca names authorities that have all expired"));
  }
}

TEST_CASE("a node knows whether its certificate is for its address", "[certificates]") {
  const file_folder files;
  const authority ca{"an authority"};
  const auto keys =
      keys_of(ca.issue_to(files, "a", {.names = {"DNS:a.example", "DNS:*.b.example", "IP:192.0.2.1", "IP:2001:db8::1"}}));
  for (const auto* host :
       {"a.example", "a.example.", "A.EXAMPLE", "one.b.example", "192.0.2.1", "2001:db8::1", "2001:db8::1%eth0"})
    CHECK(keys->are_for(host));
  for (const auto* host : {"b.example", "one.two.b.example", "192.0.2.2", "2001:db8::2", "a node"})
    CHECK_FALSE(keys->are_for(host));
}
