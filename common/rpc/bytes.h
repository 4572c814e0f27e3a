#pragma once

#include "google/protobuf/message.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"

namespace tributary::rpc {

inline bool Serialize(const google::protobuf::Message& message, grpc::ByteBuffer* bytes) {
  bytes->Clear();  // the library wants an empty one
  bool own = false;
  return grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, bytes, &own).ok();
}

// false where the bytes are no such message, or a string in them is not UTF-8.
inline bool Parse(const grpc::ByteBuffer& bytes, google::protobuf::Message* message) {
  grpc::ByteBuffer copy(bytes);  // a reference; the reader wants it mutable
  return grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&copy, message).ok();
}

}  // namespace tributary::rpc
