// Partners' reports whose rows come as a stream: the same as a file of the same rows, or nothing.

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "inventory-service/partner_reports/testing_partner_reports.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Message = v1::StreamPostReportRowsRequest;

// The rows of a CSV file, with their numbers there.
std::vector<v1::ReportSourceRow> RowsOf(const std::string& csv) {
  const std::vector<std::string> lines = absl::StrSplit(csv, '\n', absl::SkipEmpty());
  const std::vector<std::string> columns = absl::StrSplit(lines[0], ',');
  std::vector<v1::ReportSourceRow> rows;
  for (size_t i = 1; i < lines.size(); ++i) {
    v1::ReportSourceRow& row = rows.emplace_back();
    row.set_row(static_cast<int64_t>(i) + 1);
    const std::vector<std::string> values = absl::StrSplit(lines[i], ',');
    for (size_t c = 0; c < values.size(); ++c) {
      v1::ReportCell& cell = *row.add_cells();
      cell.set_column(columns[c]);
      cell.set_value(values[c]);
    }
  }
  return rows;
}

class ReportStreamTest : public PartnerReportsTest {
 protected:
  // The rows of an upload, so many a message, after a message without any.
  static std::vector<Message> MessagesOf(const v1::CreatePartnerReportRequest& upload,
                                         const std::vector<v1::ReportSourceRow>& rows, size_t at_once = 2) {
    std::vector<Message> messages(1);
    *messages[0].mutable_partner_report() = upload.partner_report();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i % at_once == 0) messages.emplace_back();
      *messages.back().add_rows() = rows[i];
    }
    for (Message& message : messages) message.set_parent(upload.parent());
    return messages;
  }
  static std::vector<Message> MessagesOf(const v1::CreatePartnerReportRequest& upload) {
    return MessagesOf(upload, RowsOf(upload.content()));
  }
  std::unique_ptr<rpc::OutgoingStream> Open(v1::PartnerReport* reply, const rpc::CallOptions& options = {}) {
    rpc::CallOptions patient = options;
    patient.stream_timeout = absl::Minutes(2);
    return service_.client().OpenOutgoing("tributary.inventory.v1.PartnerReportService/StreamPostReportRows", reply,
                                          patient);
  }
  absl::StatusOr<v1::PartnerReport> Stream(const std::vector<Message>& messages, const rpc::CallOptions& options = {}) {
    v1::PartnerReport reply;
    const auto stream = Open(&reply, options);
    for (const Message& message : messages) {
      if (!stream->Write(message)) break;
    }
    if (const absl::Status status = stream->Finish(); !status.ok()) return status;
    CheckCounts();
    return reply;
  }
  // All that a report has become, row by row, but for names that are made up and whose it is.
  std::vector<std::string> StateOf(const v1::PartnerReport& report, const std::string& partner) {
    std::vector<std::string> state = {StrCat(report.revision(), " ", CountsOf(Get(report.name())), " ",
                                             report.disagreements(), " ", report.encoding())};
    for (v1::ReportRow row : Rows(report.name())) {
      row.set_name(row.name().substr(row.name().rfind('/')));
      std::string text = row.DebugString();
      for (size_t at; (at = text.find(StrCat("partners/", partner))) != std::string::npos;) {
        text.replace(at, StrCat("partners/", partner).size(), "partners/X");
      }
      state.push_back(std::move(text));
    }
    return state;
  }
  static std::multiset<std::string> Of(const std::multiset<std::string>& standing, const std::string& partner) {
    std::multiset<std::string> of;
    for (const std::string& one : standing) {
      if (one.ends_with(StrCat(" partners/", partner))) of.insert(one.substr(0, one.rfind(' ')));
    }
    return of;
  }
};

constexpr char kRows[] =
    "date,product,quantity,document,line\n"
    "2026-06-05,bike,25,,\n"
    "2026-06-05,bike,25,,\n"
    "2026-06-06,pump,2,INV-1,1\n"
    "2026-06-06,pump,-2,INV-1,2\n"
    "2026-06-07,car,4,INV-1,3\n"
    "06/08/2026,bike,x,,\n"
    "2026-07-09,bike,1,,\n"
    "2026-06-09,bike,1,INV-2,1\n"
    "2026-06-09,bike,2,INV-2,1\n";

TEST_F(ReportStreamTest, AStreamIsWhatAFileOfTheSameRowsIs) {
  for (const char* partner : {"acme", "bolt", "cogs"}) MakePlainProfile(partner);
  const auto upload = [](const char* partner) { return Upload(partner, "2026-06-01", "2026-06-30", 1, kRows); };
  const auto file = Send(upload("acme"));
  const auto streamed = Stream(MessagesOf(upload("bolt")));
  ASSERT_OK(file);
  ASSERT_OK(streamed);
  EXPECT_EQ(CountsOf(*file), "9 = 4 + 0 + 5 + 0 + 0");
  EXPECT_EQ(StateOf(*file, "acme"), StateOf(*streamed, "bolt"));
  EXPECT_EQ(streamed->sha256().size(), 64u);

  // In another order, in other pieces, after one another: the same state, and the same report.
  std::vector<v1::ReportSourceRow> rows = RowsOf(kRows);
  std::mt19937 random(7);
  std::string sha256 = streamed->sha256();
  for (const size_t at_once : {1, 4, 100}) {
    std::shuffle(rows.begin(), rows.end(), random);
    const auto shuffled = Stream(MessagesOf(upload("cogs"), rows, at_once));
    ASSERT_OK(shuffled);
    EXPECT_EQ(shuffled->sha256(), sha256);
    EXPECT_EQ(shuffled->size(), streamed->size());
    if (at_once == 1) {
      EXPECT_EQ(StateOf(*shuffled, "cogs"), StateOf(*file, "acme"));
    } else {
      EXPECT_EQ(CountsOf(*shuffled), "9 = 0 + 0 + 5 + 4 + 0");
    }
  }
  EXPECT_EQ(Of(Standing(), "acme"), Of(Standing(), "bolt"));
  EXPECT_EQ(Of(Standing(), "acme"), Of(Standing(), "cogs"));
  EXPECT_TRUE(inventory_.Check()->balanced());

  // The workbench is the same: a row of a stream is repaired, retried and discarded.
  EXPECT_EQ(Repair(StrCat(streamed->name(), "/rows/7"), "date", "2026-06-08")->state(), v1::ReportRow::REJECTED);
  EXPECT_EQ(Repair(StrCat(streamed->name(), "/rows/7"), "quantity", "3")->state(), v1::ReportRow::REPAIRED);
  EXPECT_EQ(Discard(StrCat(streamed->name(), "/rows/9"))->state(), v1::ReportRow::DISCARDED);
  EXPECT_EQ(Retry(StrCat(streamed->name(), "/rows/10"))->state(), v1::ReportRow::ACCEPTED);
  EXPECT_EQ(CountsOf(Get(streamed->name())), "9 = 5 + 1 + 3 + 0 + 0");
}

// Files and streams of one partner meet: the same rows are one thing, however they come.
TEST_F(ReportStreamTest, FilesAndStreamsOfTheSameRowsAreDuplicatesOfEachOther) {
  for (const char* partner : {"acme", "bolt"}) MakePlainProfile(partner);
  const std::string june = Csv({"2026-06-05,25", "2026-06-05,25", "2026-06-12,15,INV-1,1"});
  const std::string corrected = Csv({"2026-06-05,25", "2026-06-12,14,INV-1,1"});
  const auto first = [&](const char* partner) { return Upload(partner, "2026-06-01", "2026-06-30", 1, june); };
  const auto second = [&](const char* partner) { return Upload(partner, "2026-06-01", "2026-06-30", 2, corrected); };
  ASSERT_OK(Send(first("acme")));
  EXPECT_EQ(CountsOf(*Stream(MessagesOf(first("acme")))), "3 = 0 + 0 + 0 + 3 + 0");
  ASSERT_OK(Stream(MessagesOf(second("acme"))));
  EXPECT_EQ(CountsOf(*Send(second("acme"))), "2 = 0 + 0 + 0 + 2 + 0");
  // The other way round, with the later revision first.
  ASSERT_OK(Send(second("bolt")));
  ASSERT_OK(Stream(MessagesOf(second("bolt"))));
  EXPECT_EQ(CountsOf(*Stream(MessagesOf(first("bolt")))), "3 = 0 + 0 + 0 + 1 + 2");
  ASSERT_OK(Send(first("bolt")));
  EXPECT_EQ(Of(Standing(), "acme"), Of(Standing(), "bolt"));
  EXPECT_THAT(Of(Standing(), "acme"), SizeIs(2));
  for (const auto& report : Reports()) EXPECT_EQ(report.disagreements(), 0);
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-39", "partners/bolt/positions/main.bike=-39"));

  // Where no revision is declared, the same rows again keep their first one.
  auto undeclared = MessagesOf(Upload("acme", "2026-08-01", "2026-08-31", 0, Csv({"2026-08-05,1"})));
  const auto one = Stream(undeclared);
  ASSERT_OK(one);
  ASSERT_OK(Stream(MessagesOf(Upload("acme", "2026-08-01", "2026-08-31", 0, Csv({"2026-08-05,2"})))));
  EXPECT_EQ(Stream(undeclared)->revision(), one->revision());
  EXPECT_EQ(Of(Standing(), "acme").count("2026-08-05 products/bike 2"), 1u);
}

TEST_F(ReportStreamTest, AnAdditionAndAZeroReportCanBeStreamed) {
  MakePlainProfile("acme");
  ASSERT_OK(Send(Upload("acme", "2026-06-01", "2026-06-30", 1, Csv({"2026-06-05,25"}))));
  auto addition = MessagesOf(Upload("acme", "2026-06-05", "2026-06-05", 2, Csv({"2026-06-05,3"})));
  addition[0].mutable_partner_report()->set_mode(v1::PartnerReport::APPEND);
  EXPECT_EQ(CountsOf(*Stream(addition)), "1 = 1 + 0 + 0 + 0 + 0");
  EXPECT_EQ(Sold(), Decimal::FromInt(28));
  auto zero = MessagesOf(Upload("acme", "2026-06-01", "2026-06-30", 3, "x"));
  zero[0].mutable_partner_report()->set_zero_report(true);
  const auto told = Stream(zero);
  ASSERT_OK(told);
  EXPECT_TRUE(told->zero_report());
  EXPECT_EQ(told->sha256(), "");
  EXPECT_EQ(Sold(), Decimal());
}

TEST_F(ReportStreamTest, WhatCannotBeAReportIsRefusedAndLeavesNothing) {
  MakePlainProfile("acme");
  const auto good = MessagesOf(Upload("acme", "2026-06-01", "2026-06-30", 1, kRows));
  const struct {
    const char* what;
    void (*change)(std::vector<Message>&);
    const char* field;
  } kRefused[] = {
      {"nothing", [](auto& m) { m.clear(); }, "messages"},
      {"no rows", [](auto& m) { m.resize(1); }, "rows"},
      {"no report", [](auto& m) { m[0].clear_partner_report(); }, "messages[0].partner_report"},
      {"a second report", [](auto& m) { *m[2].mutable_partner_report() = m[0].partner_report(); },
       "messages[2].partner_report"},
      {"no coverage", [](auto& m) { m[0].mutable_partner_report()->clear_coverage(); },
       "messages[0].partner_report.coverage"},
      {"another's profile",
       [](auto& m) { m[0].mutable_partner_report()->set_profile("partners/bolt/reportProfiles/pos"); },
       "messages[0].partner_report.profile"},
      {"another partner", [](auto& m) { m[1].set_parent("partners/bolt"); }, "messages[1].parent"},
      {"no parent", [](auto& m) { m[1].clear_parent(); }, "messages[1].parent"},
      {"no number", [](auto& m) { m[1].mutable_rows(1)->set_row(0); }, "messages[1].rows[1].row"},
      {"a number twice", [](auto& m) { m[2].mutable_rows(0)->set_row(2); }, "messages[2].rows[0].row"},
      {"too many at once",
       [](auto& m) {
         for (int i = 0; i < 1000; ++i) *m[1].add_rows() = m[1].rows(0);
       },
       "messages[1].rows"},
      {"zero, and rows", [](auto& m) { m[0].mutable_partner_report()->set_zero_report(true); }, "rows"},
      {"days the wrong way round",
       [](auto& m) { m[0].mutable_partner_report()->mutable_coverage()->mutable_to_date()->set_year(2025); },
       "partner_report.coverage.to_date"},
  };
  for (const auto& c : kRefused) {
    SCOPED_TRACE(c.what);
    std::vector<Message> messages = good;
    c.change(messages);
    EXPECT_THAT(Stream(messages), Blames(c.field));
  }
  auto unknown = good;
  unknown[0].mutable_partner_report()->set_profile("partners/acme/reportProfiles/none");
  EXPECT_THAT(Stream(unknown), HasReason(Reason::kReferenceNotFound));
  for (Message& message : unknown) message.set_parent("partners/nobody");
  unknown[0].mutable_partner_report()->clear_profile();
  EXPECT_THAT(Stream(unknown), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Stream(good, {.token = keys_.Token(api::v1::PARTNER_USER, "bolt")}),
              HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Stream(good, {.token = keys_.Token(api::v1::FINANCE)}), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Reports(), IsEmpty());
  EXPECT_THAT(Sales(), IsEmpty());
  EXPECT_OK(Stream(good, {.token = keys_.Token(api::v1::PARTNER_USER, "acme")}));
}

TEST_F(ReportStreamTest, AStreamThatBreaksLeavesNothing) {
  MakePlainProfile("acme");
  const auto messages = MessagesOf(Upload("acme", "2026-06-01", "2026-06-30", 1, kRows));
  {
    v1::PartnerReport reply;
    const auto cancels = Open(&reply);
    for (const Message& message : messages) ASSERT_TRUE(cancels->Write(message));
    cancels->Cancel();
    EXPECT_EQ(cancels->Finish().code(), absl::StatusCode::kCancelled);
  }
  {
    v1::PartnerReport reply;
    const auto vanishes = Open(&reply);
    for (const Message& message : messages) ASSERT_TRUE(vanishes->Write(message));
  }
  auto ends_badly = messages;
  ends_badly.back().mutable_rows(0)->set_row(-1);
  EXPECT_THAT(Stream(ends_badly), HasReason(Reason::kInvalidField));
  {
    // The process stops while rows come.
    TestInventory other(keys_, *database_, partners_.address());
    v1::PartnerReport reply;
    const auto stops = other.client().OpenOutgoing("tributary.inventory.v1.PartnerReportService/StreamPostReportRows",
                                                   &reply, {.stream_timeout = absl::Minutes(2)});
    for (const Message& message : messages) ASSERT_TRUE(stops->Write(message));
    other.server().Drain();
    EXPECT_FALSE(stops->Finish().ok());
  }
  EXPECT_THAT(Reports(), IsEmpty());
  EXPECT_THAT(Sales(), IsEmpty());
  EXPECT_THAT(inventory_.Positions(), IsEmpty());
  // Sent again it is as if nothing had been.
  EXPECT_EQ(CountsOf(*Stream(messages)), "9 = 4 + 0 + 5 + 0 + 0");
  EXPECT_THAT(Reports(), SizeIs(1));
}

// What a file cannot have, but a message can: such a row waits, and is written by hand.
TEST_F(ReportStreamTest, RowsThatDoNotTellTheirCellsApartWait) {
  MakePlainProfile("acme");
  auto messages = MessagesOf(Upload("acme", "2026-06-01", "2026-06-30", 1, Csv({"2026-06-05,25", "2026-06-06,1"})));
  v1::ReportCell& twice = *messages[1].mutable_rows(1)->add_cells();
  twice.set_column("quantity");
  twice.set_value("2");
  const auto report = Stream(messages);
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "2 = 1 + 0 + 1 + 0 + 0");
  const auto waiting = Rows(report->name(), "state = REJECTED");
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(waiting[0].number(), 3);
  EXPECT_EQ(waiting[0].errors(0).column(), "quantity");
  EXPECT_EQ(waiting[0].errors(0).got(), "1 and 2");
  EXPECT_THAT(waiting[0].raw(), IsEmpty());
  Repair(waiting[0].name(), "quantity", "2").IgnoreError();
  Repair(waiting[0].name(), "date", "2026-06-06").IgnoreError();
  EXPECT_EQ(Repair(waiting[0].name(), "product", "bike")->state(), v1::ReportRow::REPAIRED);
}

TEST_F(ReportStreamTest, TwentyThousandRowsComeAsAStream) {
  MakePlainProfile("acme");
  std::vector<v1::ReportSourceRow> rows;
  for (int i = 0; i < 20000; ++i) {
    v1::ReportSourceRow& row = rows.emplace_back();
    row.set_row(i + 1);
    const auto add = [&](const char* column, const std::string& value) {
      v1::ReportCell& cell = *row.add_cells();
      cell.set_column(column);
      cell.set_value(value);
    };
    add("date", Date::Parse("2026-06-01").value().AddDays(i % 30).ToString());
    add("product", i % 3 == 0 ? "bike" : "pump");
    add("quantity", "1");
    if (i % 10 == 0) continue;
    add("document", StrCat("INV-", i / 20));
    add("line", StrCat(i % 20 + 1));
  }
  const auto messages = MessagesOf(Upload("acme", "2026-06-01", "2026-06-30", 1, ""), rows, 1000);
  const auto report = Stream(messages);
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "20000 = 20000 + 0 + 0 + 0 + 0");
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-6667", "partners/acme/positions/main.pump=-13333"));
}

}  // namespace
}  // namespace tributary::inventory
