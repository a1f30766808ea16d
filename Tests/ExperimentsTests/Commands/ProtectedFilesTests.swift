import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// No result takes the place of an input, however the two are named.
@Suite struct ProtectedFilesTests {
    /// A run about a table, one about numbers and one that restores images, with their data.
    private static let made: TestFolder = {
        let folder = TestFolder()
        let rows = (0..<60).map { ["\($0).5", "\($0 % 7).25"] }
        for (recipe, name) in [("table", "cells"), ("linear", "numbers")] {
            try! CSV.write(
                CSV.Table(header: ["x", "y"], rows: rows), to: folder.path("\(name).csv"))
            let outcome = try! ProgramProcess(
                ["train", recipe, "--data", "\(name).csv", "--output", name, "--epochs", "1"]
                    + ["--latent-size", "2", "--quiet"], in: folder
            ).outcome()
            precondition(outcome.status == 0, outcome.error)
        }
        return folder
    }()

    private func copy() throws -> TestFolder {
        let folder = TestFolder()
        for name in ["cells", "cells.csv", "numbers", "numbers.csv"] {
            try folder.copy(name, from: Self.made)
        }
        // The runs know their data by their absolute paths.
        for name in ["cells", "numbers"] {
            let text = try folder.text("\(name)/config.json")
            try folder.write(
                text.replacing(Self.made.path("\(name).csv"), with: folder.path("\(name).csv")),
                to: "\(name)/config.json")
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.csv"), withDestinationPath: folder.path("numbers.csv"))
        try FileManager.default.linkItem(
            atPath: folder.path("numbers.csv"), toPath: folder.path("twin.csv"))
        return folder
    }

    @Test(arguments: [
        ["schema", "cells.csv", "--output", "cells.csv"],
        ["schema", "cells.csv", "--output", "./cells/../cells.csv"],
        // Something else that is no schema, as a slip would have it.
        ["schema", "cells.csv", "--output", "numbers.csv"],
        ["schema", "cells.csv", "--output", "cells/config.json"],
        ["embed", "numbers", "--output", "numbers.csv"],
        ["embed", "numbers", "--output", "link.csv"],
        ["embed", "numbers", "--output", "twin.csv"],
        ["embed", "numbers", "--data", "other.csv", "--output", "other.csv"],
        ["embed", "numbers", "--data", "other.csv", "--output", "numbers.csv"],
        ["impute", "cells", "holes.csv", "--output", "holes.csv"],
        ["impute", "cells", "--output", "cells.csv"],
        ["impute", "cells", "holes-filled.csv", "--output", "holes.csv"],
        ["compare", "numbers", "--output", "numbers.svg"],
        ["spectrum", "numbers", "--output", "numbers.png"],
        ["estimates", "numbers", "--output", "numbers.png"],
        ["score", "numbers", "scores.csv", "--output", "."],
        ["finetune", "numbers", "--data", "errors.csv", "--label", "y", "--output", "."],
        ["map", "numbers", "--data", "numbers/latent.csv", "--method", "pca"],
    ]) func inputsStay(words: [String]) throws {
        let folder = try copy()
        for name in ["other", "scores", "errors", "holes", "holes-filled"] {
            try FileManager.default.copyItem(
                atPath: folder.path(name.hasPrefix("holes") ? "cells.csv" : "numbers.csv"),
                toPath: folder.path("\(name).csv"))
        }
        try FileManager.default.removeItem(atPath: folder.path("numbers/latent.csv"))
        try FileManager.default.copyItem(
            atPath: folder.path("numbers.csv"), toPath: folder.path("numbers/latent.csv"))
        func contents() throws -> [String: [UInt8]] {
            var found: [String: [UInt8]] = [:]
            for name in try folder.files {
                found[name] = try? folder.bytes(name)
            }
            return found
        }
        let before = try contents()
        let outcome = try ProgramProcess(words, in: folder).outcome()
        #expect(outcome.status != 0 && outcome.output.isEmpty)
        #expect(outcome.complaints.count == 1, "\(outcome.error)")
        #expect(try contents() == before)
    }

    /// A schema may take the place of a schema, and results that of results.
    @Test func whatIsNoInputIsWrittenOver() throws {
        let folder = try copy()
        for words in [
            ["schema", "cells.csv", "--output", "schema.json"],
            ["embed", "numbers", "--output", "codes.csv"],
            ["impute", "cells", "--output", "filled.csv"],
        ] {
            for _ in 0..<2 {
                #expect(try ProgramProcess(words, in: folder).outcome().status == 0)
            }
        }
    }

    /// An array of an archive is there, and protected, where the archive is.
    @Test func arraysInArchives() throws {
        let folder = try copy()
        let array = folder.path("set.npz:x")
        let text = try folder.text("numbers/config.json")
        try folder.write(
            text.replacing(folder.path("numbers.csv"), with: array), to: "numbers/config.json")
        let lost = try tapestry("evaluate", "numbers", in: folder)
        #expect(lost.status == 1 && lost.error.contains("expected the data that the run in"))
        try folder.write("no archive", to: "set.npz")
        let read = try tapestry("evaluate", "numbers", in: folder)
        #expect(read.status == 1 && !read.error.contains("expected the data that the run in"))
        #expect(throws: UsageError.self) {
            try ProtectedFiles([array]).refuse(writing: folder.path("set.npz"))
        }
    }
}
