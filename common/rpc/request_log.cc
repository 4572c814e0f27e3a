#include "common/rpc/request_log.h"

#include <deque>
#include <utility>

#include "absl/strings/escaping.h"
#include "common/digest/sha256.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace tributary::rpc {
namespace {

std::string NameOfReply(const google::protobuf::Message& reply) {
  const auto* field = reply.GetDescriptor()->FindFieldByName("name");
  if (field == nullptr || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) return {};
  return reply.GetReflection()->GetString(reply, field);
}

}  // namespace

std::string RequestHash(google::protobuf::Message* request) {
  const auto* field = request->GetDescriptor()->FindFieldByName("request_id");
  std::string request_id;
  if (field != nullptr) {
    request_id = request->GetReflection()->GetString(*request, field);
    request->GetReflection()->ClearField(request, field);
  }
  std::string bytes;
  bytes.reserve(request->ByteSizeLong());
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request->SerializeWithCachedSizes(&coded);
  }
  if (field != nullptr) request->GetReflection()->SetString(request, field, std::move(request_id));
  return Sha256(bytes);
}

absl::StatusOr<bool> RememberReplies(mysql::Transaction& sql, absl::Span<const Mutation> mutations, bool readable) {
  mysql::Values values;
  std::deque<std::string> texts;  // that values look into, as into the ids
  std::deque<Uuid> ids;
  for (const Mutation& mutation : mutations) {
    ASSIGN_OR_RETURN(ids.emplace_back(), Uuid::Parse(mutation.call->request_id));
    const std::string& name = texts.emplace_back(readable ? NameOfReply(*mutation.reply) : std::string());
    const std::string& bytes = texts.emplace_back(mutation.reply->SerializeAsString());
    const bool keep = bytes.size() <= kStoredReplyLimit || name.empty();
    values.insert(values.end(),
                  {mutation.call->identity->subject, mutation.call->method, ids.back(), mutation.request_sha256, name,
                   keep ? mysql::Value(bytes) : mysql::Value(std::nullopt), mutation.call->now});
  }
  return sql.TryInsertRows(
      "INSERT INTO request (principal, method, request_id, request_sha256, reply_name, reply, created_at) VALUES", 7,
      values);
}

absl::StatusOr<std::optional<StoredReply>> FindReply(mysql::Transaction& sql, const Call& call, FindLock lock) {
  ASSIGN_OR_RETURN(Uuid request_id, Uuid::Parse(call.request_id));
  ASSIGN_OR_RETURN(mysql::Rows rows, sql.Query(StrCat("SELECT request_sha256, reply_name, reply FROM request "
                                                      "WHERE principal = ? AND method = ? AND request_id = ?",
                                                      lock == FindLock::kWait ? " FOR UPDATE" : ""),
                                               {call.identity->subject, call.method, request_id}));
  if (rows.empty()) return std::optional<StoredReply>();
  StoredReply stored{rows[0].Text(0), rows[0].Text(1), std::nullopt};
  if (!rows[0].IsNull(2)) stored.reply = rows[0].Text(2);
  return std::optional<StoredReply>(std::move(stored));
}

absl::Status WriteAudit(mysql::Transaction& sql, absl::Span<const Mutation> mutations) {
  mysql::Values values;
  std::deque<std::string> traces;  // that values look into, as into the ids
  std::deque<Uuid> ids;
  for (const Mutation& mutation : mutations) {
    const Call& call = *mutation.call;
    mysql::Value request_id = std::nullopt;
    if (!call.request_id.empty()) {
      ASSIGN_OR_RETURN(ids.emplace_back(), Uuid::Parse(call.request_id));
      request_id = ids.back();
    }
    values.insert(values.end(), {ids.emplace_back(Uuid::New(call.now)), call.now, call.identity->subject, call.method,
                                 std::string_view(mutation.resource).substr(0, 512), request_id,
                                 traces.emplace_back(absl::HexStringToBytes(call.trace_id))});
  }
  return sql.InsertRows("INSERT INTO audit (id, recorded_at, principal, method, resource, request_id, trace_id) VALUES",
                        7, values);
}

absl::StatusOr<int64_t> PurgeReplies(mysql::Transaction& sql, absl::Time before, int limit) {
  return sql.Execute("DELETE FROM request WHERE created_at < ? ORDER BY created_at LIMIT ?", {before, limit});
}

}  // namespace tributary::rpc
