#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/suite.h"
#include "google/protobuf/message.h"

namespace tributary::cli {

// Names are those of the methods' HTTP bindings: "partners/p1", "partners/p1/statements/1/lines", "inventory/imports".
// The resource of this name, whichever service has it.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> GetResource(Suite& suite, const std::string& name);
// All members of a collection ("partners", "partners/aw-1/positions"), page by page; `limit` 0 is all.
absl::StatusOr<std::vector<std::unique_ptr<google::protobuf::Message>>> ListResources(Suite& suite,
                                                                                      const std::string& collection,
                                                                                      const std::string& filter,
                                                                                      bool show_deleted, int64_t limit);
// Calls a method with a request in JSON and tells its answer, or each of them where they are a stream, until `tell`
// says false or `within` ends. Of a method that takes a stream, `json` has a line a message. `service` is whom it is
// asked of, empty where the method's name says so.
absl::Status CallMethod(Suite& suite, const std::string& service, const std::string& method, const std::string& json,
                        absl::Duration within, const std::function<bool(const google::protobuf::Message&)>& tell);

// Pages through a List method, calling `each` for every reply.
template <typename Reply, typename Request>
absl::Status ListAll(rpc::Client& client, std::string_view method, Request request,
                     const std::function<void(const Reply&)>& each) {
  request.set_page_size(1000);
  while (true) {
    absl::StatusOr<Reply> reply = client.Call<Reply>(method, request, {.timeout = absl::Seconds(30)});
    if (!reply.ok()) return reply.status();
    each(*reply);
    if (reply->next_page_token().empty()) return absl::OkStatus();
    request.set_page_token(reply->next_page_token());
  }
}

}  // namespace tributary::cli
