import Testing

@testable import Experiments

/// What is wrong with a table, and with what is asked of it, is answered by one line.
@Suite struct BadTableTests {
    private func expectFailure(
        _ words: [String], in folder: TestFolder, status: Int32 = 1, _ parts: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try ProgramProcess(words, in: folder).outcome()
        #expect(outcome.status == status, sourceLocation: sourceLocation)
        #expect(outcome.complaints.count == 1, sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
        for part in parts {
            #expect(
                outcome.error.contains(part), "\(outcome.error)", sourceLocation: sourceLocation)
        }
    }

    @Test func filesToTrainOn() throws {
        let folder = TestFolder()
        func train(_ text: String, _ words: String...) throws -> [String] {
            try folder.write(text, to: "t.csv")
            return ["train", "table", "--data", "t.csv"] + words
        }
        try expectFailure(
            train("a,b\n1,2\n1,2,3\n"), in: folder, "t.csv: expected 2 fields in line 3, found 3")
        try expectFailure(
            train("a,b\n1,2\n", "--label", "c"), in: folder,
            "expected a column \"c\" of labels, found none")
        try expectFailure(train("a,b\n"), in: folder, "expected rows below the header, found none")
        try expectFailure(
            train("a,b\n,\n,\n,\n"), in: folder, "expected a column to learn from")
        try expectFailure(
            train("a,b\n1,x\n2,y\n3,x\n", "--label", "b", "--normal", "z"), in: folder,
            "expected rows to train on with the label \"z\", found none")
        try expectFailure(
            train("a,b\n1,x\n2,y\n", "--normal", "x"), in: folder, "a column of labels")
        try folder.write(
            #"{"columns": [{"name": "a", "kind": "number"}], "missing": [""]}"#, to: "s.json")
        try expectFailure(
            train("a\nx\ny\nz\n", "--schema", "s.json"), in: folder,
            "expected a number in line ", ", column \"a\" (or a schema that lists the text as")
        try expectFailure(
            train("a\n\"\"\n\"\"\n\"\"\n", "--schema", "s.json"), in: folder,
            "a cell of the column \"a\" that is not missing", "missing")
        try expectFailure(
            train("b\n1\n2\n", "--schema", "s.json"), in: folder,
            "found a table without \"a\", and \"b\" besides")
        #expect(try folder.names(in: "") == ["t.csv", "s.json"])
    }

    @Test func filesToScoreAndFill() throws {
        let folder = try TableFixture.copy()
        let header = "country,temperature,email_domain,card_network,card_type,amount,date"
        func table(_ text: String) throws { try folder.write(text, to: "t.csv") }
        for command in ["score", "impute"] {
            try table("land,temperature,email_domain,card_network,card_type,amount,date\n")
            try expectFailure([command, "run", "t.csv"], in: folder, "expected rows")
            try table(
                "land,temperature,email_domain,card_network,card_type,amount,date\nKenya,,,,,,\n")
            try expectFailure(
                [command, "run", "t.csv"], in: folder,
                "found a table without \"country\", and \"land\" besides")
            try table("\(header)\nKenya,warm,,,,,\n")
            try expectFailure(
                [command, "run", "t.csv"], in: folder,
                "expected a number in line 2, column \"temperature\", found \"warm\"")
        }
        try table("\(header),fraud\nKenya,,,,,,,0\nKenya,,,,,,,0\n")
        try expectFailure(
            ["score", "run", "t.csv", "--normal", "0"], in: folder,
            "expected samples of two classes to compare, found 0 anomalies and 2 normal ones")
        // Where nobody asks to tell the classes apart, one is enough.
        let scored = try tapestry("score", "run", "t.csv", in: folder)
        #expect(scored.status == 0 && !scored.output.contains("ROC"))
        try expectFailure(
            ["score", "run", "t.csv", "--normal", "5"], in: folder,
            "expected a sample with the label \"5\", found only \"0\"")
        try table("\(header)\nKenya,,,,,,\n")
        try expectFailure(
            ["score", "run", "t.csv", "--normal", "0"], in: folder, "labels", "found none")
        try expectFailure(
            ["score", "run", "--by", "neighbours", "--neighbour", "1000"], in: folder, status: 2,
            "--neighbour 1000: expected a whole number below 150, the number of training samples")
        let before = try folder.bytes("orders.csv")
        try expectFailure(
            ["impute", "run", "orders.csv", "--output", "./orders.csv"], in: folder, status: 2,
            "./orders.csv: this is an input file, which the result would overwrite")
        #expect(try folder.bytes("orders.csv") == before)
        let pictures = try TrainedFixture.copy()
        try expectFailure(
            ["impute", "run"], in: pictures, "expected a run on a table")
    }
}
