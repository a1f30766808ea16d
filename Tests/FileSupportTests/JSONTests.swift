import Foundation
import Testing

@testable import FileSupport

@Suite struct JSONTests {
    private struct Record: Codable, Equatable {
        var values: [String: Double]
        var path: String
    }

    /// JSON has no infinities: they are strings in the file, and numbers again where it is read.
    @Test func numbersThatAreNotFiniteComeBack() throws {
        let record = Record(
            values: ["b": .infinity, "a": -.infinity, "c": 1.5, "d": .nan], path: "a/b")
        let text = try JSON.encode(record, .line, for: "file")
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"path":"a/b","values":{"a":"-Infinity","b":"Infinity","c":1.5,"d":"NaN"}}"#)
        let found = try JSON.decode(Record.self, from: text, path: "file", expected: "a record")
        #expect(found.values["b"] == .infinity && found.values["a"] == -.infinity)
        #expect(found.values["c"] == 1.5 && found.values["d"]?.isNaN == true)
        // It is JSON to others, too.
        #expect((try? JSONSerialization.jsonObject(with: Data(text))) != nil)
    }

    @Test func filesAreReadable() throws {
        let path = NSTemporaryDirectory() + "tapestry-json-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let record = Record(values: ["b": 2, "a": 1], path: "a/b")
        try JSON.write(record, to: path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasSuffix("}\n") && text.contains("\"path\" : \"a/b\""))
        #expect(try JSON.read(from: path, expected: "a record") == record)
        let error = #expect(throws: FileError.self) {
            try JSON.read([Int].self, from: path, expected: "a list")
        }
        #expect(error?.path == path && error?.expected == "a list")
        let tooLong = #expect(throws: FileError.self) {
            try JSON.read(Record.self, from: path, expected: "a record", limit: 10)
        }
        #expect(tooLong?.found == "\(text.utf8.count) bytes")
    }

    @Test func whatIsNoSuchJSONIsNamed() {
        let error = #expect(throws: FileError.self) {
            try JSON.decode(
                Record.self, from: Array(#"{"path":"a"}"#.utf8), path: "file", expected: "a record")
        }
        #expect(
            error == FileError(path: "file", expected: "a record", found: "no member \"values\""))
        #expect(throws: FileError.self) {
            try JSON.decode(Double.self, from: Array("\"Inf\"".utf8), path: "file", expected: "x")
        }
    }
}
