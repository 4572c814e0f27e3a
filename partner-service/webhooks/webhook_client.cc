#include "partner-service/webhooks/webhook_client.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <mutex>

#include "common/text/text.h"
#include "partner-service/webhooks/webhook_address.h"
#include "partner-service/webhooks/webhook_signature.h"

namespace tributary::partner {
namespace {

// What the callbacks of one attempt know.
struct Attempt {
  bool allow_loopback = false;
  bool loopback_alone = false;  // without TLS nothing leaves the machine
  size_t left = 0;              // of the answer
  bool refused = false;         // an address was
};

std::string AddressBytes(const curl_sockaddr& address) {
  if (address.family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &address.addr, sizeof in);
    return {reinterpret_cast<const char*>(&in.sin_addr), 4};
  }
  if (address.family == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, &address.addr, sizeof in6);
    return {reinterpret_cast<const char*>(&in6.sin6_addr), 16};
  }
  return "";
}

curl_socket_t OpenSocket(void* user, curlsocktype, curl_sockaddr* address) {
  Attempt& attempt = *static_cast<Attempt*>(user);
  const std::string bytes = AddressBytes(*address);
  const bool allowed =
      (attempt.allow_loopback && IsLoopbackAddress(bytes)) || (!attempt.loopback_alone && IsPublicAddress(bytes));
  if (!allowed) {
    attempt.refused = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t Receive(char*, size_t size, size_t count, void* user) {
  Attempt& attempt = *static_cast<Attempt*>(user);
  const size_t got = size * count;
  if (got > attempt.left) return 0;  // ends the attempt; its status is known
  attempt.left -= got;
  return got;
}

// In words of ours, for the delivery log: nothing of what another host may have said.
std::string WhyNot(CURLcode code, const Attempt& attempt) {
  if (attempt.refused) return "the host has no address that may be connected to";
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the host's name does not resolve";
    case CURLE_COULDNT_CONNECT:
      return "no connection could be made";
    case CURLE_OPERATION_TIMEDOUT:
      return "no answer in time";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
      return "no TLS connection could be made";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return "the host's certificate is not trusted";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
      return "the connection ended before the answer did";
    default:
      return StrCat("no HTTP answer (", curl_easy_strerror(code), ")");
  }
}

}  // namespace

WebhookClient::WebhookClient(WebhookClientOptions options) : options_(options) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

WebhookOutcome WebhookClient::Post(const WebhookEndpoint& endpoint, const WebhookDelivery& delivery,
                                   absl::Time now) const {
  // What was allowed when it was set may no longer be.
  if (!CheckWebhookUrl(endpoint.url, options_.allow_loopback).ok()) return {.error = "the URL is not allowed"};
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (curl == nullptr) return {.error = "no HTTP client"};
  const std::string id = delivery.uid.ToString();
  const int64_t timestamp = absl::ToUnixSeconds(now);
  const std::string headers[] = {
      "Content-Type: application/json",
      "User-Agent: Tributary-Webhooks/1",
      "Expect:",  // the body goes at once
      StrCat("webhook-id: ", id),
      StrCat("webhook-timestamp: ", timestamp),
      StrCat("webhook-signature: ", WebhookSignature(SigningSecrets(endpoint, now), id, timestamp, delivery.body)),
  };
  curl_slist* list = nullptr;
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(list, curl_slist_free_all);

  Attempt attempt{.allow_loopback = options_.allow_loopback,
                  .loopback_alone = !endpoint.url.starts_with("https:"),
                  .left = options_.max_answer_bytes};
  CURL* const c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, endpoint.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, attempt.loopback_alone ? "http" : "https");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(options_.connect_timeout)));
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(absl::ToInt64Milliseconds(options_.timeout)));
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, owned.get());
  curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(delivery.body.size()));
  curl_easy_setopt(c, CURLOPT_POSTFIELDS, delivery.body.data());
  curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, OpenSocket);
  curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, &attempt);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, Receive);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &attempt);
  const CURLcode code = curl_easy_perform(c);
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  // An answer that is longer than is read is an answer; one that ends before its header says so is none.
  if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && status != 0)) return {.error = WhyNot(code, attempt)};
  WebhookOutcome outcome{.status_code = static_cast<int>(status)};
  if (!outcome.delivered()) {
    outcome.error = status >= 300 && status < 400 ? "redirects are not followed" : StrCat("HTTP ", status);
  }
  return outcome;
}

}  // namespace tributary::partner
