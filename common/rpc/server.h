#pragma once

// The frame: what all methods share is done here once, around a handler of a few lines: deadline, identity, access,
// validation, admission, request id and replay, transaction, events, audit, metrics, trace, log line, error details.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/auth/tokens.h"
#include "common/rpc/call.h"
#include "common/time/clock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace prometheus {
class Registry;
}

namespace tributary::rpc {

// Sends the messages of a server stream. Not thread-safe.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  // Blocks until the message is on its way; false when the caller has gone or the process drains. The body then
  // returns; the frame tells the caller why the stream ended.
  virtual bool Write(const google::protobuf::Message& message) = 0;
  virtual bool Gone() const = 0;
};

// Reads the messages of a client stream, each checked as the request of a unary call is (access, annotations; errors
// name it: "messages[2].rows"). Not thread-safe.
class IncomingStream {
 public:
  enum class Next { kMessage, kNothingYet, kEnd };
  virtual ~IncomingStream() = default;
  // Waits for the next message, at most until `until`. Little is read ahead: who does not read makes the caller wait.
  // An error means that the stream cannot go on: the caller has gone or sent what cannot be taken, the deadline has
  // passed, the process drains. The body returns it, and leaves undone what it has not committed.
  virtual absl::StatusOr<Next> Read(google::protobuf::Message* message, absl::Time until = absl::InfiniteFuture()) = 0;
  // Runs `body` as the handler of a unary mutation is run: in a transaction of its own (it may run again), with a row
  // of the audit for `resource`. When this returns OK, it is stored for good and told to the feed. The Call is the
  // stream's, of this moment.
  virtual absl::Status Transact(std::string_view resource,
                                absl::FunctionRef<absl::Status(const Call&, Unit&)> body) = 0;
};

// The pieces that the frame needs; all outlive the server.
struct Frame {
  const Clock* clock = nullptr;
  mysql::Database* database = nullptr;  // null in processes without one
  const auth::TokenVerifier* verifier = nullptr;
  prometheus::Registry* registry = nullptr;
  std::function<void()> committed;  // called after a commit that told the feed something; must not block
};

struct ServerOptions {
  std::string address;                                  // "127.0.0.1:7101"; port 0 picks a free one
  int database_workers = 16;                            // threads for handlers that wait for the database
  int remote_workers = 8;                               // threads for handlers that also call other processes
  int queue_limit = 512;                                // calls waiting in a lane; more are shed with OVERLOADED
  int group_limit = 128;                                // calls of a grouped method in one transaction
  int stream_limit = 256;                               // open streams, a thread each
  absl::Duration default_deadline = absl::Seconds(30);  // for calls that bring none
  absl::Duration incoming_deadline = absl::Minutes(5);  // for client streams that bring none
  int64_t incoming_messages = 1000000;                  // of one client stream
  absl::Duration grace_period = absl::Seconds(10);      // drain
  absl::Duration connection_age = absl::Minutes(5);     // then its callers connect anew, perhaps to another replica
  bool reflection = true;
};

// Which threads run a handler. Those that call other processes have threads of their own, so that a slow neighbour does
// not stop what the database alone can answer.
enum class Lane { kDatabase, kRemote };
inline constexpr int kLanes = 2;

// Where a process's methods are put together. A service class registers its methods by name:
//
//   void PartnerService::Register(rpc::Server& server) {
//     server.Add("tributary.partner.v1.PartnerService", this)
//         .Unary("GetPartner", &PartnerService::Get)
//         .Unary("CreatePartner", &PartnerService::Create);
//   }
//
// A handler: absl::Status Get(const Call&, Unit&, const v1::GetPartnerRequest&, v1::Partner*).
// Of a grouped method: absl::Status Create(Unit&, absl::Span<Grouped<v1::CreateSaleRequest, v1::Sale>>).
// Of a server stream: absl::Status Watch(const Call&, const v1::WatchRequest&, StreamWriter&).
// Of a client stream: absl::Status Post(const Call&, IncomingStream&, v1::PostResponse*).
class Server {
 public:
  Server(Frame frame, ServerOptions options);
  ~Server();  // stops at once where Drain was not called

  using UnaryBody =
      std::function<absl::Status(const Call&, Unit&, const google::protobuf::Message&, google::protobuf::Message*)>;
  // Reads memory alone, on the network's own threads. false: not in memory, the Unary body must answer.
  using InlineBody = std::function<bool(const Call&, const google::protobuf::Message&, google::protobuf::Message*)>;
  using GroupedCalls = absl::Span<Grouped<google::protobuf::Message, google::protobuf::Message>>;
  using GroupBody = std::function<absl::Status(Unit&, GroupedCalls)>;
  using StreamBody = std::function<absl::Status(const Call&, const google::protobuf::Message&, StreamWriter&)>;
  using IncomingBody = std::function<absl::Status(const Call&, IncomingStream&, google::protobuf::Message*)>;

  template <typename T>
  class Methods {
   public:
    Methods(Server& server, std::string service, T* self)
        : server_(server), service_(std::move(service)), self_(self) {}

    template <typename Request, typename Reply>
    Methods& Unary(std::string_view method, absl::Status (T::*handler)(const Call&, Unit&, const Request&, Reply*),
                   Lane lane = Lane::kDatabase) {
      server_.AddUnary(service_, method, Request::descriptor(), Reply::descriptor(), Bind(handler), nullptr, lane);
      return *this;
    }
    // For small writes that come in crowds. Those that wait at the same time are decided in one transaction, with fewer
    // statements than they would take apart, in the order in which they came; a call that finds nobody waiting goes
    // alone and at once. The handler gives each its reply or its error, as it would have alone; where it answers an
    // error itself, or the transaction is lost, nothing is stored and the calls run one by one. So do calls without a
    // request id, for they could not be asked about after a lost COMMIT, and with validate_only.
    template <typename Request, typename Reply>
    Methods& Group(std::string_view method, absl::Status (T::*handler)(Unit&, absl::Span<Grouped<Request, Reply>>)) {
      T* self = self_;
      server_.AddGroup(
          service_, method, Request::descriptor(), Reply::descriptor(),
          [self, handler](Unit& unit, GroupedCalls calls) {
            std::vector<Grouped<Request, Reply>> own;
            own.reserve(calls.size());
            for (const auto& one : calls) {
              own.push_back({one.call, static_cast<const Request&>(one.request), static_cast<Reply*>(one.reply)});
            }
            absl::Status status = (self->*handler)(unit, absl::MakeSpan(own));
            for (size_t i = 0; i < own.size(); ++i) {
              calls[i].status = std::move(own[i].status);
              calls[i].alone = own[i].alone;
            }
            return status;
          });
      return *this;
    }
    template <typename Request, typename Reply>
    Methods& Inline(std::string_view method, bool (T::*from_memory)(const Call&, const Request&, Reply*),
                    absl::Status (T::*handler)(const Call&, Unit&, const Request&, Reply*)) {
      T* self = self_;
      server_.AddUnary(service_, method, Request::descriptor(), Reply::descriptor(), Bind(handler),
                       [self, from_memory](const Call& call, const google::protobuf::Message& request,
                                           google::protobuf::Message* reply) {
                         return (self->*from_memory)(call, static_cast<const Request&>(request),
                                                     static_cast<Reply*>(reply));
                       });
      return *this;
    }
    template <typename Request, typename Reply>
    Methods& Stream(std::string_view method, absl::Status (T::*handler)(const Call&, const Request&, StreamWriter&),
                    const Reply* /*type only*/) {
      T* self = self_;
      server_.AddStream(
          service_, method, Request::descriptor(), Reply::descriptor(),
          [self, handler](const Call& call, const google::protobuf::Message& request, StreamWriter& writer) {
            return (self->*handler)(call, static_cast<const Request&>(request), writer);
          });
      return *this;
    }
    template <typename Request, typename Reply>
    Methods& ClientStream(std::string_view method, absl::Status (T::*handler)(const Call&, IncomingStream&, Reply*),
                          const Request* /*type only*/) {
      T* self = self_;
      server_.AddIncoming(service_, method, Request::descriptor(), Reply::descriptor(),
                          [self, handler](const Call& call, IncomingStream& stream, google::protobuf::Message* reply) {
                            return (self->*handler)(call, stream, static_cast<Reply*>(reply));
                          });
      return *this;
    }
    // For a unary method whose time could tell what its answer must not: what its handler comes to, errors too, leaves
    // a whole number of steps after the call came, one at least. It waits without a thread and without a transaction;
    // what is refused before the handler runs is told at once. Zero: no steps.
    Methods& AnswerInSteps(std::string_view method, absl::Duration step) {
      server_.SetAnswerStep(service_, method, step);
      return *this;
    }

   private:
    template <typename Request, typename Reply>
    UnaryBody Bind(absl::Status (T::*handler)(const Call&, Unit&, const Request&, Reply*)) {
      T* self = self_;
      return [self, handler](const Call& call, Unit& unit, const google::protobuf::Message& request,
                             google::protobuf::Message* reply) {
        return (self->*handler)(call, unit, static_cast<const Request&>(request), static_cast<Reply*>(reply));
      };
    }
    Server& server_;
    std::string service_;
    T* self_;
  };

  template <typename T>
  Methods<T> Add(std::string service_full_name, T* self) {
    return Methods<T>(*this, std::move(service_full_name), self);
  }

  // Serves. Refuses (FAILED_PRECONDITION) where a method of a registered service has no handler or no access rule,
  // types or streaming differ from the descriptor, or the port is taken (the error names it).
  absl::Status Start();
  int port() const;
  // Health of the process and of each of its services: NOT_SERVING while false (as when the database is gone).
  void SetServing(bool serving);
  // Health NOT_SERVING, no new calls; lets the rest finish within the grace period, after which callers are told
  // CANCELLED (our client makes UNAVAILABLE of it). Returns when no handler runs any more: a handler is never cut
  // short, so it keeps to call.deadline, and a server stream's body asks writer.Gone() at least once a second. A client
  // stream ends when its body next reads.
  void Drain();

  void AddUnary(std::string_view service, std::string_view method, const google::protobuf::Descriptor* request,
                const google::protobuf::Descriptor* reply, UnaryBody body, InlineBody inline_body,
                Lane lane = Lane::kDatabase);
  void AddGroup(std::string_view service, std::string_view method, const google::protobuf::Descriptor* request,
                const google::protobuf::Descriptor* reply, GroupBody body);
  // Of a method that was added before.
  void SetAnswerStep(std::string_view service, std::string_view method, absl::Duration step);
  void AddStream(std::string_view service, std::string_view method, const google::protobuf::Descriptor* request,
                 const google::protobuf::Descriptor* reply, StreamBody body);
  void AddIncoming(std::string_view service, std::string_view method, const google::protobuf::Descriptor* request,
                   const google::protobuf::Descriptor* reply, IncomingBody body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::rpc
