import {hello} from "@slotmesh/kernel"; console.log(hello); void import("jose").then(j=>console.log(typeof j.jwtVerify));
