#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace tributary::rpc {

struct CallOptions {
  absl::Duration timeout = absl::Seconds(10);
  std::string token;        // overrides the client's own source
  std::string traceparent;  // passed on where given
};

// Reads a server stream. One reader thread; Cancel from any.
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  // false at the end or on an error; then Finish tells which.
  virtual bool Read(google::protobuf::Message* message) = 0;
  virtual absl::Status Finish() = 0;
  virtual void Cancel() = 0;
};

struct ClientOptions {
  std::string address;                       // "127.0.0.1:7101"
  std::function<std::string()> token;        // asked for each call without a token; may be unset
  bool retries = true;                       // one layer retries: this one
};

// Calls methods of another process by name. Retries UNAVAILABLE and shed calls (by their RetryInfo) within the time-out, where the
// call is a read or carries a request id, and within a retry budget (a tenth of the calls). Errors come back with their reason and
// details (DetailOf). Thread-safe.
class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();

  // `method`: "tributary.partner.v1.PartnerService/GetPartner".
  absl::Status Call(std::string_view method, const google::protobuf::Message& request,
                    google::protobuf::Message* reply, const CallOptions& options = {});

  template <typename Reply>
  absl::StatusOr<Reply> Call(std::string_view method, const google::protobuf::Message& request,
                             const CallOptions& options = {}) {
    Reply reply;
    if (absl::Status status = Call(method, request, &reply, options); !status.ok()) return status;
    return reply;
  }

  // `done` runs on a thread of the library; it must not block.
  void CallAsync(std::string_view method, const google::protobuf::Message& request,
                 std::shared_ptr<google::protobuf::Message> reply, const CallOptions& options,
                 std::function<void(absl::Status)> done);

  // No deadline; ends with Cancel or the server's word.
  std::unique_ptr<StreamReader> OpenStream(std::string_view method, const google::protobuf::Message& request,
                                           const CallOptions& options = {});

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tributary::rpc
