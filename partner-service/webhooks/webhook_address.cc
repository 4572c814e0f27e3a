#include "partner-service/webhooks/webhook_address.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {
namespace {

// The bytes of a network and how many bits of them count.
struct Network {
  std::array<uint8_t, 16> bytes;
  int bits;
};

bool Holds(const Network& network, std::string_view address) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    if ((network.bytes[bit / 8] & mask) != (static_cast<uint8_t>(address[bit / 8]) & mask)) return false;
  }
  return true;
}

template <size_t N>
bool AnyHolds(const std::array<Network, N>& networks, std::string_view address) {
  for (const Network& network : networks) {
    if (Holds(network, address)) return true;
  }
  return false;
}

// https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast.
constexpr std::array<Network, 15> kNotPublic4 = {{
    {{0}, 8},              // this network
    {{10}, 8},             // private
    {{100, 64}, 10},       // shared by carriers
    {{127}, 8},            // loopback
    {{169, 254}, 16},      // link-local
    {{172, 16}, 12},       // private
    {{192, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2}, 24},     // documentation
    {{192, 88, 99}, 24},   // 6to4 relays
    {{192, 168}, 16},      // private
    {{198, 18}, 15},       // benchmarking
    {{198, 51, 100}, 24},  // documentation
    {{203, 0, 113}, 24},   // documentation
    {{224}, 4},            // multicast
    {{240}, 4},            // reserved, broadcast
}};
constexpr Network kGlobal6 = {{0x20}, 3};
// https://www.iana.org/assignments/iana-ipv6-special-registry, within 2000::/3.
constexpr std::array<Network, 4> kNotPublic6 = {{
    {{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3f, 0xff, 0x00}, 20},        // documentation
}};
constexpr Network kLoopback4 = {{127}, 8};
constexpr Network kLoopback6 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128};

// The bytes of a literal address; nullopt for a name.
std::optional<std::string> LiteralAddress(const std::string& host) {
  char bytes[16];
  if (inet_pton(AF_INET, host.c_str(), bytes) == 1) return std::string(bytes, 4);
  if (inet_pton(AF_INET6, host.c_str(), bytes) == 1) return std::string(bytes, 16);
  return std::nullopt;
}

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  std::string out = text;
  curl_free(text);
  return out;
}

}  // namespace

bool IsPublicAddress(std::string_view bytes) {
  if (bytes.size() == 4) return !AnyHolds(kNotPublic4, bytes);
  return bytes.size() == 16 && Holds(kGlobal6, bytes) && !AnyHolds(kNotPublic6, bytes);
}

bool IsLoopbackAddress(std::string_view bytes) {
  if (bytes.size() == 4) return Holds(kLoopback4, bytes);
  return bytes.size() == 16 && Holds(kLoopback6, bytes);
}

absl::Status CheckWebhookUrl(const std::string& text, bool allow_loopback) {
  const std::string_view want = "https://host[:port]/path[?query] without user and fragment, of a public host";
  for (const char c : text) {
    if (c <= ' ' || c > '~') return InvalidField("", Printable(text), StrCat(want, ", in printable ASCII"));
  }
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return InvalidField("", Printable(text), want);
  }
  std::string host = Part(url.get(), CURLUPART_HOST);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string scheme = Part(url.get(), CURLUPART_SCHEME);
  const std::optional<std::string> address = LiteralAddress(host);
  const bool loopback = address.has_value() ? IsLoopbackAddress(*address) : host == "localhost";
  const bool loopback_allowed = loopback && allow_loopback;
  const bool decorated = !Part(url.get(), CURLUPART_USER).empty() || !Part(url.get(), CURLUPART_PASSWORD).empty() ||
                         text.find('#') != std::string::npos;
  const bool scheme_allowed = scheme == "https" || (scheme == "http" && loopback_allowed);
  const bool host_allowed =
      !host.empty() && (loopback_allowed || (address.has_value() ? IsPublicAddress(*address) : !loopback));
  if (decorated || !scheme_allowed || !host_allowed) return InvalidField("", Printable(text), want);
  return absl::OkStatus();
}

}  // namespace tributary::partner
