#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/tokens.h"
#include "common/rpc/client.h"

namespace tributary::cli {

// Where the suite is and who asks.
struct SuiteOptions {
  std::string var = "var";  // the folder that ./dev up keeps: addresses in run/endpoints.json, keys in keys/
  std::string role = "ADMINISTRATOR";
  std::string partner;  // for PARTNER_USER
  std::string subject = "tributaryctl";
  std::string token;  // instead of one made from the keys in var
};

// The services of a running suite. Thread-safe once open.
class Suite {
 public:
  static absl::StatusOr<std::unique_ptr<Suite>> Open(const SuiteOptions& options);

  rpc::Client& partner() { return *clients_.at("partner"); }
  rpc::Client& inventory() { return *clients_.at("inventory"); }
  rpc::Client& incentive() { return *clients_.at("incentive"); }
  rpc::Client& conflict() { return *clients_.at("conflict"); }
  // By a full method name: tributary.partner.v1.PartnerService/GetPartner goes to partner.
  absl::StatusOr<rpc::Client*> ForMethod(std::string_view method);
  // By a service's name, for methods that all of them have.
  absl::StatusOr<rpc::Client*> OfService(const std::string& service);
  const std::string& address(const std::string& service) const { return addresses_.at(service); }
  const std::string& token() const { return token_; }

 private:
  Suite() = default;
  std::string token_;
  std::map<std::string, std::string> addresses_;
  std::map<std::string, std::unique_ptr<rpc::Client>> clients_;
};

// A token for development, made from the private key in var/keys.
absl::StatusOr<std::string> DevelopmentToken(const SuiteOptions& options, absl::Duration lifetime);

// A random request id.
std::string NewRequestId();

}  // namespace tributary::cli
