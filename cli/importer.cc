#include "cli/importer.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/strings/ascii.h"
#include "cli/mapping/row_builder.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/protobuf/dynamic_message.h"

namespace tributary::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

// "a/b/resellers.csv" -> {"a/b", "resellers.csv"}.
std::pair<std::string, std::string> SplitPath(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

// Hands batches to a few callers and gathers what became of the rows. One producer.
class Sender {
 public:
  Sender(rpc::Client& client, const Mapping& mapping, int callers) : client_(client), mapping_(mapping) {
    const int threads = mapping.ordered ? 1 : std::max(1, callers);
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Send(); });
    most_queued_ = static_cast<size_t>(threads) * 2;
  }
  ~Sender() { Finish().IgnoreError(); }

  // Blocks while enough is waiting; false once a call has failed for good.
  bool Give(std::unique_ptr<Message> request) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return queue_.size() < most_queued_ || !status_.ok(); });
    if (!status_.ok()) return false;
    queue_.push_back(std::move(request));
    work_.notify_one();
    return true;
  }
  absl::Status Finish() {
    {
      std::lock_guard lock(mutex_);
      finished_ = true;
    }
    work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    return status_;
  }

  int64_t accepted = 0, duplicate = 0;  // read after Finish
  std::vector<api::v1::RowError> errors;

 private:
  void Send() {
    while (true) {
      std::unique_ptr<Message> request;
      {
        std::unique_lock lock(mutex_);
        work_.wait(lock, [this] { return finished_ || !queue_.empty(); });
        if (queue_.empty() || !status_.ok()) return;
        request = std::move(queue_.front());
        queue_.pop_front();
      }
      room_.notify_one();
      api::v1::BatchImportResponse reply;
      // A process that is being restarted is waited for: the batch carries a request id.
      const absl::Status status = client_.Call(mapping_.method, *request, &reply, {.timeout = absl::Minutes(2)});
      std::lock_guard lock(mutex_);
      if (!status.ok()) {
        if (status_.ok()) status_ = status;
        room_.notify_all();
        return;
      }
      accepted += reply.accepted();
      duplicate += reply.duplicate();
      for (const api::v1::RowError& error : reply.errors()) errors.push_back(error);
    }
  }

  rpc::Client& client_;
  const Mapping& mapping_;
  std::mutex mutex_;
  std::condition_variable work_, room_;
  std::deque<std::unique_ptr<Message>> queue_;  // guarded by mutex_, as are the next two
  bool finished_ = false;
  absl::Status status_;
  size_t most_queued_ = 0;
  std::vector<std::thread> threads_;
};

absl::StatusOr<std::string> OpenImport(rpc::Client& client, const Mapping& mapping, const std::string& file,
                                       const std::string& sha256) {
  api::v1::CreateImportRequest request;
  request.mutable_import()->set_target(mapping.target);
  request.mutable_import()->set_mapping(mapping.name);
  request.mutable_import()->set_file(file);
  request.mutable_import()->set_source_sha256(sha256);
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      api::v1::Import import,
      client.Call<api::v1::Import>(StrCat("tributary.", mapping.service, ".v1.ImportService/CreateImport"), request));
  return import.name();
}

}  // namespace

absl::StatusOr<ImportReport> RunImport(Suite& suite, const ImportOptions& options) {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(Mapping mapping,
                   ReadMapping(StrCat(options.mappings, "/", options.mapping, ".yaml"), options.mapping));
  const auto [folder, file_name] = SplitPath(options.file);
  ASSIGN_OR_RETURN(const std::unique_ptr<TableFile> table, TableFile::Open(options.file, options.table));

  // The request and row messages of the mapping's method.
  std::string method_name = mapping.method;
  std::replace(method_name.begin(), method_name.end(), '/', '.');
  const auto* method = DescriptorPool::generated_pool()->FindMethodByName(method_name);
  const FieldDescriptor* rows = method == nullptr ? nullptr : method->input_type()->FindFieldByName("rows");
  if (rows == nullptr || !rows->is_repeated() || rows->message_type() == nullptr) {
    return absl::InvalidArgumentError(
        StrCat("mapping ", mapping.name, ": method: got '", mapping.method, "', want a BatchImport method"));
  }
  const Message* prototype = MessageFactory::generated_factory()->GetPrototype(method->input_type());
  ASSIGN_OR_RETURN(rpc::Client * client, suite.ForMethod(mapping.method));

  CsvRow row;
  if (!table->Next(&row)) {
    RETURN_IF_ERROR(table->status());
    return absl::InvalidArgumentError(StrCat(options.file, ": got an empty file, want a header row"));
  }
  RETURN_IF_ERROR(Annotate(row.status, options.file));
  ASSIGN_OR_RETURN(std::unique_ptr<RowBuilder> builder,
                   RowBuilder::Make(mapping, options.lookup_folder.empty() ? folder : options.lookup_folder, row.fields,
                                    rows->message_type()));

  ImportReport report;
  if (!options.dry_run) {
    ASSIGN_OR_RETURN(report.import_name, OpenImport(*client, mapping, file_name, table->sha256()));
  }
  const auto new_batch = [&] {
    std::unique_ptr<Message> batch(prototype->New());
    const auto* reflection = batch->GetReflection();
    const Descriptor* type = batch->GetDescriptor();
    reflection->SetString(batch.get(), type->FindFieldByName("import"), report.import_name);
    reflection->SetString(batch.get(), type->FindFieldByName("request_id"), NewRequestId());
    reflection->SetBool(batch.get(), type->FindFieldByName("validate_only"), options.dry_run);
    return batch;
  };

  Sender sender(*client, mapping, options.callers);
  std::unique_ptr<Message> batch = new_batch();
  absl::Time told = start;
  bool going = true;
  while (going && table->Next(&row)) {
    if (row.status.ok() && builder->Skips(row.fields)) {
      ++report.skipped;
      continue;
    }
    ++report.received;
    if (!row.status.ok()) {
      api::v1::RowError& error = report.errors.emplace_back();
      error.set_row(row.number);
      const ErrorDetail detail = DetailOf(row.status);
      // A column has a name in files that are read whole.
      const std::string field = detail.violations.empty() ? "" : detail.violations[0].field;
      error.set_column(field.starts_with("row ") ? "" : field);
      error.set_got(detail.violations.empty() ? "" : detail.violations[0].got);
      error.set_want(detail.violations.empty() ? std::string(row.status.message()) : detail.violations[0].want);
      error.set_reason(std::string(NameOf(Reason::kInvalidField)));
      continue;
    }
    const auto* reflection = batch->GetReflection();
    Message* message = reflection->AddMessage(batch.get(), rows);
    std::vector<api::v1::RowError> errors = builder->Build(row.number, row.fields, message);
    if (!errors.empty()) {
      reflection->RemoveLast(batch.get(), rows);
      report.errors.insert(report.errors.end(), errors.begin(), errors.end());
    }
    if (reflection->FieldSize(*batch, rows) >= options.batch_rows) {
      going = sender.Give(std::move(batch));
      batch = new_batch();
    }
    if (options.progress && absl::Now() - told > absl::Seconds(1)) {
      told = absl::Now();
      options.progress(report.received, table->percent());
    }
  }
  if (going && batch->GetReflection()->FieldSize(*batch, rows) > 0) sender.Give(std::move(batch));
  RETURN_IF_ERROR(sender.Finish());
  RETURN_IF_ERROR(table->status());

  // What never left this side; what the service refused, it knows itself.
  std::vector<api::v1::RowError> own = report.errors;
  for (api::v1::RowError& error : sender.errors) {
    error.set_column(builder->ColumnOf(error.column()));
    report.errors.push_back(std::move(error));
  }
  std::sort(report.errors.begin(), report.errors.end(), [](const auto& a, const auto& b) { return a.row() < b.row(); });
  int64_t last = -1;
  for (const api::v1::RowError& error : report.errors) {
    if (error.row() != last) ++report.rejected;
    last = error.row();
  }
  report.accepted = sender.accepted;
  report.duplicate = sender.duplicate;

  if (!options.dry_run) {
    api::v1::CompleteImportRequest complete;
    complete.set_name(report.import_name);
    complete.set_received(report.received);
    complete.set_request_id(NewRequestId());
    for (size_t i = 0; i < own.size() && i < 1000; ++i) *complete.add_errors() = own[i];
    RETURN_IF_ERROR(
        client
            ->Call<api::v1::Import>(StrCat("tributary.", mapping.service, ".v1.ImportService/CompleteImport"), complete)
            .status());
  }
  report.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  return report;
}

absl::StatusOr<api::v1::Import> UndoImport(Suite& suite, const std::string& service, const std::string& name) {
  const std::string method = StrCat("tributary.", service, ".v1.ImportService/UndoImport");
  ASSIGN_OR_RETURN(rpc::Client * client, suite.ForMethod(method));
  while (true) {
    api::v1::UndoImportRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(api::v1::Import import,
                     client->Call<api::v1::Import>(method, request, {.timeout = absl::Minutes(1)}));
    if (import.state() == api::v1::Import::UNDONE) return import;
  }
}

}  // namespace tributary::cli
