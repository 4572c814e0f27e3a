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
  absl::Duration timeout = absl::Seconds(10);                // of a call
  absl::Duration stream_timeout = absl::InfiniteDuration();  // of a whole stream, either way
  std::string token;                                         // overrides the client's own source
  std::string traceparent;                                   // passed on where given
  std::string language;                                      // of texts for people in errors, as in accept-language
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

// Sends a client stream. One writer thread; Cancel from any.
class OutgoingStream {
 public:
  virtual ~OutgoingStream() = default;
  // Waits while the server does not read; false where the server has ended the stream, then Finish tells why.
  virtual bool Write(const google::protobuf::Message& message) = 0;
  // Nothing more comes: waits for the answer.
  virtual absl::Status Finish() = 0;
  virtual void Cancel() = 0;
};

struct ClientOptions {
  std::string address;                 // "127.0.0.1:7101"
  std::function<std::string()> token;  // asked for each call without a token; may be unset
  bool retries = true;                 // one layer retries: this one
};

// Calls methods of another process by name. Repeats UNAVAILABLE and shed calls (after their RetryInfo) within the
// time-out, where the call is a read or carries a request id, and within a retry budget (a tenth of the calls, and a
// small allowance). Errors come back with their reason and details (DetailOf); what only a foreign server would say
// keeps code and message. Thread-safe. Has a connection of its own, which carries at most 100 calls at a time; further
// ones wait.
class Client {
 public:
  explicit Client(ClientOptions options);
  // Cancels the calls of CallAsync that are under way, and waits until they have told their ends.
  ~Client();

  // `method`: "tributary.partner.v1.PartnerService/GetPartner".
  absl::Status Call(std::string_view method, const google::protobuf::Message& request, google::protobuf::Message* reply,
                    const CallOptions& options = {});

  template <typename Reply>
  absl::StatusOr<Reply> Call(std::string_view method, const google::protobuf::Message& request,
                             const CallOptions& options = {}) {
    Reply reply;
    if (absl::Status status = Call(method, request, &reply, options); !status.ok()) return status;
    return reply;
  }

  // The same without waiting. `done` runs once, on a thread of the library or before CallAsync returns, and must not
  // block, nor end this client.
  void CallAsync(std::string_view method, const google::protobuf::Message& request,
                 std::shared_ptr<google::protobuf::Message> reply, const CallOptions& options,
                 std::function<void(absl::Status)> done);

  // Ends with Cancel or the server's word.
  std::unique_ptr<StreamReader> OpenStream(std::string_view method, const google::protobuf::Message& request,
                                           const CallOptions& options = {});

  // A client stream, whose answer is in `reply` once Finish has returned OK. Never repeated: what has been taken of a
  // stream that broke is for the caller to know.
  std::unique_ptr<OutgoingStream> OpenOutgoing(std::string_view method, google::protobuf::Message* reply,
                                               const CallOptions& options = {});

 private:
  struct State;
  class AsyncCall;
  std::shared_ptr<State> state_;
};

}  // namespace tributary::rpc
