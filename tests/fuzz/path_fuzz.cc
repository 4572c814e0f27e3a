// "VERB target" lines from outside: a path that is found gives each variable as many segments as its template has, none
// of them with a '/', and the request is filled or refused.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "gateway/transcoding/requests.h"
#include "gateway/transcoding/routes.h"
#include "google/protobuf/message.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/incentive/v1/program.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/partner/v1/partner.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;
  static const auto& routes = *new gateway::Routes(*gateway::Routes::Of(gateway::PublicMethods(
      {"tributary.partner.v1", "tributary.inventory.v1", "tributary.incentive.v1", "tributary.conflict.v1"})));
  const std::string line(reinterpret_cast<const char*>(data), size);
  const size_t space = std::min(line.find(' '), line.size());
  http::Request request{.method = line.substr(0, space), .target = line.substr(std::min(space + 1, line.size()))};
  if (const size_t body = request.target.find('\n'); body != std::string::npos) {
    request.body = request.target.substr(body + 1);
    request.target.resize(body);
  }
  const auto found = routes.Find(request.method, request.Path());
  if (!found.ok() || found->route == nullptr) return 0;
  for (size_t i = 0; i < found->values.size(); ++i) {
    const auto& variable = found->route->path.variables[i];
    const auto slashes = std::count(found->values[i].begin(), found->values[i].end(), '/');
    if (static_cast<size_t>(slashes) + 1 != variable.last - variable.first) std::abort();
  }
  const std::unique_ptr<google::protobuf::Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(found->route->method->input_type())->New());
  (void)gateway::ReadRequest(*found, request, JsonLimits(), message.get());
  return 0;
}
