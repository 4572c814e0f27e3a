// Who may see a close's statements, and that it happens once.

#include <thread>

#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/operation.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

using PeriodCloseServiceTest = WorldTest;

TEST_F(PeriodCloseServiceTest, PartnersSeeTheirOwn) {
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 500),
              LineOf("p2", "SO1", 1, "2025-02-01", "2025-02-02", 700)});
  world_.CatchUp();
  ASSERT_OK(world_.Close("growth", "2025Q1"));
  const std::unique_ptr<rpc::Client> p1 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  // Nobody but those who make it sees a draft.
  EXPECT_THAT(world_.Statements(*p1), IsEmpty());
  EXPECT_THAT(world_.Statements(world_.finance()), SizeIs(2));
  v1::GetStatementRequest draft;
  draft.set_name("partners/p1/statements/1");
  EXPECT_THAT(p1->Call<v1::Statement>(std::string(kStatements) + "GetStatement", draft), HasReason(Reason::kNotFound));
  ASSERT_OK(world_.Issue("2025Q1"));

  const std::vector<v1::Statement> own = world_.Statements(*p1);
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].name(), "partners/p1/statements/1");
  v1::ListAccrualsRequest list;
  list.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto accruals,
                       p1->Call<v1::ListAccrualsResponse>(std::string(kAccruals) + "ListAccruals", list));
  ASSERT_EQ(accruals.accruals_size(), 1);
  EXPECT_EQ(accruals.accruals(0).name(), "partners/p1/accruals/growth.2025Q1");

  // There and not there answer alike under another's name.
  for (const char* name : {"partners/p2/statements/1", "partners/p2/statements/2", "partners/p3/statements/1"}) {
    v1::GetStatementRequest get;
    get.set_name(name);
    const absl::Status status = p1->Call<v1::Statement>(std::string(kStatements) + "GetStatement", get).status();
    EXPECT_THAT(status, HasReason(Reason::kPermissionDenied)) << name;
    v1::ListStatementLinesRequest lines;
    lines.set_parent(name);
    EXPECT_THAT(p1->Call<v1::ListStatementLinesResponse>(std::string(kStatements) + "ListStatementLines", lines),
                HasReason(Reason::kPermissionDenied))
        << name;
  }
  v1::ClosePeriodRequest close;
  close.set_name("programs/growth/closes/2025Q2");
  EXPECT_THAT(p1->Call<google::longrunning::Operation>(std::string(kCloses) + "ClosePeriod", close),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(PeriodCloseServiceTest, ACloseHappensOnce) {
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 500)});
  world_.CatchUp();
  const std::string method = std::string(kCloses) + "ClosePeriod";
  v1::ClosePeriodRequest request;
  request.set_name("programs/growth/closes/2025Q1");
  request.set_request_id(NewRequestId());
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const auto trial, world_.finance().Call<google::longrunning::Operation>(method, request));
  EXPECT_EQ(AnswerOf<v1::PeriodClose>(trial).statements(), 1);
  EXPECT_THAT(world_.Statements(world_.finance()), IsEmpty());

  request.set_validate_only(false);
  std::vector<absl::StatusOr<google::longrunning::Operation>> answers(8, absl::UnknownError(""));
  std::vector<std::thread> callers;
  for (size_t i = 0; i < answers.size(); ++i) {
    callers.emplace_back([&, i] {
      v1::ClosePeriodRequest mine = request;
      if (i % 2 == 1) mine.set_request_id(NewRequestId());
      answers[i] = world_.finance().Call<google::longrunning::Operation>(method, mine);
    });
  }
  for (std::thread& caller : callers) caller.join();
  int done = 0;
  std::string name;
  for (const auto& answer : answers) {
    if (!answer.ok()) {
      EXPECT_THAT(answer, HasReason(Reason::kPeriodClosed));
      continue;
    }
    ++done;
    if (!name.empty()) {
      EXPECT_EQ(answer->name(), name) << "the same request, the same answer";
    }
    name = answer->name();
  }
  EXPECT_GE(done, 1);
  EXPECT_THAT(world_.Statements(world_.finance()), SizeIs(1));

  v1::GetOperationRequest get;
  get.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(kOperations, get));
  EXPECT_EQ(AnswerOf<v1::PeriodClose>(operation).name(), request.name());
}

}  // namespace
}  // namespace tributary::incentive
